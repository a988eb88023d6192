import { calledOf } from '../model/names.js';

const crowd = 100; // people; in larger rooms nobody is told

// Who is writing where, as far as others say so, and that the reader is.
export class Typing {
  #writing = new Map(); // roomId -> Map of userId -> {name, until}
  #told = new Map(); // roomId -> when the reader's own writing was told
  #timer = null;
  #tell;
  #every;
  #changed;

  // tell(fields) says it to the server; every() is the least time between two, in milliseconds; changed() hears when somebody stops.
  constructor({ tell, every, changed }) {
    this.#tell = tell;
    this.#every = every;
    this.#changed = changed;
  }

  // Somebody else began to write, or stopped. Who does not say so again has stopped after twice the time.
  hear({ roomId, userId, username, on }) {
    if (!on) {
      this.over(roomId, userId);
      return;
    }
    if (!this.#writing.has(roomId)) this.#writing.set(roomId, new Map());
    this.#writing.get(roomId).set(userId, { name: calledOf(userId, username), until: Date.now() + 2 * this.#every() });
    this.#timer ??= setTimeout(() => this.#expire(), 2 * this.#every());
  }

  // Somebody has sent what they wrote, or is gone.
  over(roomId, userId) {
    this.#writing.get(roomId)?.delete(userId);
  }

  // The names of those who write in a room.
  in(roomId) {
    return [...(this.#writing.get(roomId)?.values() ?? [])].map(({ name }) => name);
  }

  // The reader has changed what they write in a room.
  wrote(room, text) {
    if (room.activeUsers > crowd) return;
    const told = this.#told.get(room.id) ?? -Infinity;
    const on = text.trim() !== '';
    if (Date.now() - told < this.#every() || (!on && told === -Infinity)) return;
    if (on) this.#told.set(room.id, Date.now());
    else this.#told.delete(room.id);
    this.#tell({ roomId: room.id, on });
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing.clear();
  }

  #expire() {
    this.#timer = null;
    const now = Date.now();
    let next = Infinity;
    for (const people of this.#writing.values()) {
      for (const [id, { until }] of people) {
        if (until <= now) people.delete(id);
        else next = Math.min(next, until);
      }
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#expire(), next - now);
    this.#changed();
  }
}

// Who writes, in words, or ''.
export function wordsOfTyping(names) {
  if (names.length === 0) return '';
  if (names.length > 3) return `${names.length} people are typing`;
  return `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'is' : 'are'} typing`;
}
