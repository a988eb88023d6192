import { isDeleted, newer } from '../model/message.js';

// A search within one room: what was looked for, and what was found so far, newest first.
export class Search {
  wanted = { query: '', senderId: '', day: '' };
  found = [];
  state = 'idle'; // idle, loading, done, or the RequestError that the last question failed with
  more = false; // older messages were not searched yet
  since = null; // when the oldest message that was searched was sent, in milliseconds
  #before = null;
  #round = 0; // of looking; answers to an earlier one are of no interest
  #room;
  #ask;
  #changed;

  constructor(room, { ask, changed }) {
    this.#room = room;
    this.#ask = ask;
    this.#changed = changed;
  }

  // wanted is {query, senderId, day}: words, a person or '', and a day as YYYY-MM-DD before which it was sent, or ''.
  start(wanted) {
    this.wanted = wanted;
    this.found = [];
    this.more = false;
    this.since = null;
    this.#before = null;
    this.#round++;
    return this.further();
  }

  // What was found is not known to be as it was: looks for it anew.
  again() {
    if (this.found.length > 0) this.start(this.wanted);
  }

  // Looks on where the last answer ended, or again where it failed.
  async further() {
    const round = this.#round;
    this.state = 'loading';
    this.#changed();
    try {
      const { data } = await this.#ask('search', this.#fields());
      if (round !== this.#round) return;
      const fresh = data.messages.filter((message) => !this.found.some((m) => m.messageId === message.messageId));
      this.found = [...this.found, ...fresh.map((message) => this.#room.log.latest(message)).filter((message) => !isDeleted(message))];
      this.more = data.more;
      this.#before = data.before;
      this.since = data.since ?? this.since;
      this.state = 'done';
    } catch (error) {
      if (round !== this.#round) return;
      this.state = error;
    }
    this.#changed();
  }

  // What became of a message: what was deleted is not found any more.
  renew(copy) {
    const at = this.found.findIndex((message) => message.messageId === copy.messageId);
    if (at < 0) return;
    const latest = newer(this.found[at], copy);
    this.found = isDeleted(latest) ? this.found.toSpliced(at, 1) : this.found.with(at, latest);
  }

  #fields() {
    const { query, senderId, day } = this.wanted;
    const fields = { roomId: this.#room.id };
    if (query !== '') fields.query = query;
    if (senderId !== '') fields.senderId = senderId;
    if (day !== '') fields.sentBefore = new Date(`${day}T00:00`).getTime();
    if (this.#before !== null) fields.before = this.#before;
    return fields;
  }
}
