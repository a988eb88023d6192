import { resendDelay } from '../model/backoff.js';

export const mostWaiting = 100;
const mostTries = 6; // of one message, until a person decides

// What was written and is not known to be kept by the server. In each room one message is on its way at a time, so that their order stays.
// An entry is {id, roomId, target, text, reply, at, state: 'waiting' | 'sending' | 'failed', note, tries}; reply names what is answered and keeps
// none of its text, which may be deleted.
export class Outbox {
  #entries = [];
  #store;
  #ask;
  #changed;
  #timers = new Map();
  #pace;
  #open = false;

  // ask(type, fields) sends a frame; store keeps entries over a reload; pace says when a room takes the next one.
  constructor({ store, ask, changed, pace, now = Date.now, newId = () => crypto.randomUUID() }) {
    this.#store = store;
    this.#ask = ask;
    this.#changed = changed;
    this.#pace = pace;
    this.now = now;
    this.newId = newId;
    this.#entries = store.keys('outbox:').map((key) => store.get(key)).filter(Boolean).sort((a, b) => a.at - b.at);
    for (const entry of this.#entries) if (entry.state === 'sending') entry.state = 'waiting';
  }

  of(roomId) {
    return this.#entries.filter((entry) => entry.roomId === roomId);
  }

  get rooms() {
    return [...new Set(this.#entries.map((entry) => entry.roomId))];
  }

  get waiting() {
    return this.#entries.filter((entry) => entry.state !== 'failed').length;
  }

  get full() {
    return this.#entries.length >= mostWaiting;
  }

  // target is the other person in a private conversation, else null; reply is the message that is answered, or null.
  add(roomId, target, text, reply = null) {
    const last = this.#entries.at(-1)?.at ?? 0;
    const entry = { id: this.newId(), roomId, target, text, reply: reply && nameOf(reply), at: Math.max(this.now(), last + 1), state: 'waiting', note: '', tries: 0 };
    this.#entries.push(entry);
    this.#keep(entry);
    this.#pump(roomId);
  }

  // There is a connection, or there is none any more.
  connected(open) {
    this.#open = open;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    if (open) for (const roomId of this.rooms) this.#pump(roomId);
  }

  // The server has it: gives the entry, or undefined when it was not from here.
  settle(clientMessageId) {
    const entry = this.#entries.find((e) => e.id === clientMessageId);
    if (entry) {
      this.#drop(entry);
      this.#pace.sent(entry.roomId, this.now());
      this.#pump(entry.roomId);
    }
    return entry;
  }

  retry(id) {
    const entry = this.#entries.find((e) => e.id === id);
    if (!entry || entry.state !== 'failed') return;
    Object.assign(entry, { state: 'waiting', note: '', tries: 0 });
    this.#keep(entry);
    this.#pump(entry.roomId);
  }

  discard(id) {
    const entry = this.#entries.find((e) => e.id === id);
    if (entry) this.#drop(entry);
    this.#changed();
  }

  #pump(roomId) {
    this.#changed();
    if (!this.#open || this.#timers.has(roomId)) return;
    const inRoom = this.of(roomId);
    if (inRoom.some((entry) => entry.state === 'sending')) return;
    const next = inRoom.find((entry) => entry.state === 'waiting');
    if (!next) return;
    const wait = this.#pace.wait(roomId, this.now());
    if (wait === 0) this.#send(next);
    else {
      next.note ||= 'It goes by itself when it may.';
      this.#later(roomId, wait);
      this.#changed();
    }
  }

  async #send(entry) {
    entry.state = 'sending';
    entry.note = '';
    entry.tries++;
    this.#keep(entry);
    const fields = { message: entry.text, clientMessageId: entry.id, ...(entry.reply && { replyTo: entry.reply.messageId }) };
    try {
      if (entry.target) await this.#ask('private_message', { ...fields, targetUserId: entry.target });
      else await this.#ask('chat', { ...fields, roomId: entry.roomId });
      this.settle(entry.id);
    } catch (error) {
      if (this.#entries.includes(entry)) this.#failed(entry, error);
    }
  }

  #failed(entry, error) {
    if (error.retryAfterMs > 0) this.#pace.refused(entry.roomId, this.now(), error.retryAfterMs);
    if (error.code === 'lost') { // goes again on the next connection, which connected tells of
      entry.state = 'waiting';
      entry.tries--;
      this.#keep(entry);
      this.#changed();
      return;
    }
    if (error.retry && entry.tries < mostTries) {
      entry.state = 'waiting';
      entry.note = error.code === 'timeout' ? '' : error.message;
      this.#later(entry.roomId, error.retryAfterMs || resendDelay(entry.tries));
    } else {
      entry.state = 'failed';
      entry.note = error.message;
    }
    this.#keep(entry);
    this.#pump(entry.roomId);
  }

  #later(roomId, delay) {
    this.#timers.set(roomId, setTimeout(() => {
      this.#timers.delete(roomId);
      this.#pump(roomId);
    }, delay));
  }

  #keep(entry) {
    this.#store.set(`outbox:${entry.id}`, entry);
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((e) => e !== entry);
    this.#store.remove(`outbox:${entry.id}`);
  }
}

const nameOf = ({ messageId, senderId, senderName }) => ({ messageId, senderId, senderName });
