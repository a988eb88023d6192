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
  #ids = new Set();

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

  // Says whether the message is new. One that is known already changes nothing but what only the sender's own copy says. One beyond the window
  // is not kept.
  add(message) {
    const newest = message.seq > this.head;
    this.raise(message.seq);
    if (message.seq > this.last) return newest;
    this.#wantFrom(message.seq);
    this.#known.add(message.seq);
    if (this.#ids.has(message.messageId)) {
      this.#complete(message);
      return false;
    }
    this.#ids.add(message.messageId);
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].seq > message.seq) at--;
    this.messages = this.messages.toSpliced(at, 0, message);
    return true;
  }

  // Takes in an answer of history or resume and gives the messages that are new.
  merge(page) {
    this.raise(page.head);
    if (this.detached && page.to > this.#top) {
      if (page.from > this.#top + 1) return []; // what is between is not there
      this.#top = page.to < this.head ? page.to : null;
    }
    this.#wantFrom(page.from);
    for (const r of without(page.from, page.to, page.missing)) this.#known.add(r.from, r.to);
    if (page.expired && !this.expired.some((r) => r.to >= page.expired.to)) {
      this.expired = [...this.expired.filter((r) => r.to < page.expired.from), page.expired];
    }
    return page.messages.filter((message) => this.add(message));
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
    this.#ids = new Set(messages.map((message) => message.messageId));
  }

  #wantFrom(seq) {
    if (this.#base === null || seq < this.#base) this.#base = seq;
  }

  #complete(copy) {
    const at = this.messages.findIndex((m) => m.messageId === copy.messageId);
    const known = this.messages[at];
    if (known && (copy.delivered ?? known.delivered) !== known.delivered) {
      this.messages = this.messages.with(at, { ...known, delivered: copy.delivered });
    }
  }
}

function without(from, to, numbers) {
  const left = new Ranges();
  for (const n of numbers) left.add(n);
  return left.gaps(from, to);
}
