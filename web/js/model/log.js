import { marked, newer } from './message.js';
import { Ranges } from './ranges.js';

// A gap of more numbers than this is left open until somebody asks for it.
const longestCatchUp = 1000;

export const isLong = (gap) => gap.to - gap.from >= longestCatchUp;

// What is known of a room's log: messages in the order of their numbers, and which numbers are still unknown. It is a window on the log, which
// reaches the newest message unless it was told to forget that end.
export class Log {
  messages = [];
  head = 0; // the last number given, as far as known
  start = false; // nothing older can be loaded
  expired = []; // ranges older than the room keeps
  #base = null; // from here on every number is wanted; null: nothing was loaded yet
  #top = null; // up to here; null: up to the newest
  #known = new Ranges();
  #byId = new Map();

  get loaded() {
    return this.#base !== null;
  }

  get first() {
    return this.#base;
  }

  // The last number that the window reaches.
  get last() {
    return this.#top ?? this.head;
  }

  // Whether newer messages than those in the window were forgotten, or have come since.
  get detached() {
    return this.#top !== null;
  }

  get(messageId) {
    return this.#byId.get(messageId);
  }

  holds(seq) {
    return this.messages.some((message) => message.seq === seq);
  }

  // Says whether the message is new. Of one that is known already the newer copy is kept; answer: what came is an answer to the reader. One beyond
  // the window is not kept.
  add(message, answer = false) {
    const newest = message.seq > this.head;
    this.raise(message.seq);
    if (message.seq > this.last) return newest;
    this.#wantFrom(message.seq);
    this.#known.add(message.seq);
    if (this.#byId.has(message.messageId)) {
      this.#renew(message, answer);
      return false;
    }
    this.#byId.set(message.messageId, message);
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].seq > message.seq) at--;
    this.messages = this.messages.toSpliced(at, 0, message);
    return true;
  }

  // Takes in an event that has a number of its own and tells of a message as it is now; own: the reader's reaction {emoji, on}. Gives the message
  // if it is new here: a number that was waited for. One that is not held stays away.
  change({ seq, changed }, own = null) {
    this.raise(seq);
    if (seq <= this.last) {
      this.#wantFrom(seq);
      this.#known.add(seq);
    }
    const fresh = !this.#byId.has(changed.messageId);
    const waitedFor = this.loaded && changed.seq >= this.#base && changed.seq <= this.last && !this.#known.has(changed.seq);
    if (fresh && !(waitedFor && this.add(changed))) return null;
    this.#renew(changed, false);
    if (own) this.#put(marked(this.get(changed.messageId), { ...own, seq }));
    return fresh ? this.get(changed.messageId) : null;
  }

  // Why a message of the reader's was deleted, which only they are told.
  noteReason(messageId, deletedFor) {
    const message = this.get(messageId);
    if (message) this.#put({ ...message, deletedFor });
  }

  // Takes in an answer of history or resume and gives the messages that are new.
  merge(page) {
    this.raise(page.head);
    for (const message of page.changed ?? []) this.#renew(message, true);
    if (this.detached && page.to > this.#top) {
      if (page.from > this.#top + 1) return []; // what is between is not there
      this.#top = page.to < this.head ? page.to : null;
    }
    this.#wantFrom(page.from);
    for (const r of without(page.from, page.to, page.missing)) this.#known.add(r.from, r.to);
    if (page.expired && !this.expired.some((r) => r.to >= page.expired.to)) {
      this.expired = [...this.expired.filter((r) => r.to < page.expired.from), page.expired];
    }
    return page.messages.filter((message) => this.add(message, true));
  }

  // Goes to another part of the log: what is on the page is all that is held, and newer messages are loaded by scrolling down.
  openAt(page) {
    this.clear();
    this.raise(page.head);
    this.#top = page.to < this.head ? page.to : null;
    return this.merge(page);
  }

  raise(head) {
    this.head = Math.max(this.head, head);
  }

  // What is not known between what was loaded and the head.
  gaps() {
    return this.loaded ? this.#known.gaps(this.#base, this.last) : [];
  }

  // What is fetched without being asked for.
  gapsToFetch() {
    return this.gaps().filter((gap) => !isLong(gap));
  }

  // Up to here everything is known, but for long gaps that are shown as such; null: nothing was loaded yet.
  get cursor() {
    if (!this.loaded) return null;
    const [gap] = this.gapsToFetch();
    return gap && !this.detached ? gap.from - 1 : this.head;
  }

  // Forgets all but the latest messages of the window, which are loaded again by scrolling up.
  keepLast(count) {
    if (this.messages.length <= count) return;
    this.#keep(this.messages.slice(-count));
    const { seq } = this.messages[0];
    this.#base = seq;
    this.#known.dropBelow(seq);
    this.expired = this.expired.filter((r) => r.from >= seq);
    this.start = false;
  }

  // Forgets all but the earliest messages of the window, which are loaded again by scrolling down.
  keepFirst(count) {
    if (this.messages.length <= count) return;
    this.#keep(this.messages.slice(0, count));
    this.#top = this.messages.at(-1).seq;
    this.#known.dropAbove(this.#top);
  }

  // Forgets all but the head.
  clear() {
    this.#keep([]);
    this.#known = new Ranges();
    this.#base = null;
    this.#top = null;
    this.expired = [];
    this.start = false;
  }

  #keep(messages) {
    this.messages = messages;
    this.#byId = new Map(messages.map((message) => [message.messageId, message]));
  }

  #wantFrom(seq) {
    if (this.#base === null || seq < this.#base) this.#base = seq;
  }

  #renew(copy, answer) {
    const known = this.get(copy.messageId);
    if (known) this.#put(newer(known, copy, { answer }));
  }

  #put(message) {
    const known = this.get(message.messageId);
    if (known === message) return;
    this.#byId.set(message.messageId, message);
    this.messages = this.messages.with(this.messages.indexOf(known), message);
  }
}

function without(from, to, numbers) {
  const left = new Ranges();
  for (const n of numbers) left.add(n);
  return left.gaps(from, to);
}
