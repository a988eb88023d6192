// When the reader's next message may go in a room, as the server counts: so many in a window that begins with the first of them, and slow mode's
// pause after each. What the server says when it refuses wins.
export class Pace {
  #rules;
  #windows = new Map(); // roomId -> {from, count, last}
  #until = new Map(); // roomId -> when the server lets the next one in

  // rules(roomId) gives {rate: {messages, seconds} or null, slow: seconds}.
  constructor(rules) {
    this.#rules = rules;
  }

  // The server has taken a message.
  sent(roomId, now) {
    const { rate } = this.#rules(roomId);
    const window = this.#windows.get(roomId);
    const over = !window || !rate || now >= window.from + rate.seconds * 1000;
    this.#windows.set(roomId, { from: over ? now : window.from, count: over ? 1 : window.count + 1, last: now });
    this.#until.delete(roomId);
  }

  refused(roomId, now, wait) {
    this.#until.set(roomId, now + wait);
  }

  // Milliseconds until the next one may go.
  wait(roomId, now) {
    return Math.max(this.#slow(roomId, now), this.#rate(roomId, now), (this.#until.get(roomId) ?? 0) - now, 0);
  }

  // What limits the reader in a room, in words, or ''.
  words(roomId, now) {
    const { slow } = this.#rules(roomId);
    if (slow > 0) return `Slow mode: one message in ${spanOf(slow)}`;
    return this.wait(roomId, now) > 0 ? 'You write fast: the next goes by itself' : '';
  }

  // How much of the pause is left, from 1 to 0.
  left(roomId, now) {
    const { rate, slow } = this.#rules(roomId);
    const whole = (slow || rate?.seconds || 10) * 1000;
    return Math.min(1, this.wait(roomId, now) / whole);
  }

  #slow(roomId, now) {
    const { slow } = this.#rules(roomId);
    const window = this.#windows.get(roomId);
    return slow > 0 && window ? window.last + slow * 1000 - now : 0;
  }

  #rate(roomId, now) {
    const { rate } = this.#rules(roomId);
    const window = this.#windows.get(roomId);
    return rate && window && window.count >= rate.messages ? window.from + rate.seconds * 1000 - now : 0;
  }
}

export function spanOf(seconds) {
  if (seconds < 120) return `${seconds} s`;
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}
