import { marked, newer } from './message.js';
import { Ranges } from './ranges.js';

// A gap of more numbers than this is left open until somebody asks for it.
const longestCatchUp = 1000;
const mostHeld = 500; // messages; the end that is far away is forgotten
const spare = 100; // more than that, so that it is not done for every message
const mostLate = 200; // copies of messages that are not held

export const isLong = (gap) => gap.to - gap.from >= longestCatchUp;

// What is known of a room's log: messages in the order of their numbers, and which numbers are still unknown. It is a window on the log, which
// reaches the newest message unless it was told to forget that end. What became of messages is heard beyond the window too.
export class Log {
  messages = [];
  head = 0; // the last number given, as far as known
  start = false; // nothing older can be loaded
  expired = []; // ranges older than the room keeps
  #base = null; // from here on every number is wanted; null: nothing was loaded yet
  #top = null; // up to here; null: up to the newest
  #known = new Ranges(); // numbers that were heard of, in the window and after it
  #byId = new Map();
  #late = new Map(); // messages that have changed and are not held, the last to change last: an older copy may be on its way

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

  // The newest copy that is known of a message, of which this one came.
  latest(copy) {
    const known = this.get(copy.messageId);
    if (known) return newer(known, copy);
    const late = this.#late.get(copy.messageId);
    return late ? newer(copy, late) : copy;
  }

  holds(seq) {
    return this.messages.some((message) => message.seq === seq);
  }

  // Says whether the message is new. Of one that is known already the newer copy is kept; answer: what came is an answer to the reader. One beyond
  // the window is not kept.
  add(message, answer = false) {
    const newest = message.seq > this.head;
    this.raise(message.seq);
    this.#known.add(message.seq);
    if (message.seq > this.last) return newest;
    this.#wantFrom(message.seq);
    if (this.#byId.has(message.messageId)) {
      this.#renew(message, answer);
      return false;
    }
    const latest = this.latest(message);
    this.#byId.set(message.messageId, latest);
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].seq > message.seq) at--;
    this.messages = this.messages.toSpliced(at, 0, latest);
    return true;
  }

  // Takes in an event that has a number of its own and tells of a message as it is now; own: the reader's reaction {emoji, on}. Gives the message
  // if it is new here: a number that was waited for. One that is not held stays away.
  change({ seq, changed }, own = null) {
    this.raise(seq);
    if (seq <= this.last) this.#wantFrom(seq);
    this.#known.add(seq);
    const fresh = !this.#byId.has(changed.messageId);
    const waitedFor = this.loaded && changed.seq >= this.#base && changed.seq <= this.last && !this.#known.has(changed.seq);
    if (waitedFor) this.add(changed);
    this.#renew(changed, false);
    if (!this.#byId.has(changed.messageId)) return null;
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
    for (const r of without(page.from, page.to, page.missing)) this.#known.add(r.from, r.to);
    if (this.detached && page.to > this.#top) {
      if (page.from > this.#top + 1) return []; // what is between is not held
      this.#top = page.to < this.head ? page.to : null;
    }
    this.#wantFrom(page.from);
    if (page.expired && !this.expired.some((r) => r.to >= page.expired.to)) {
      this.expired = [...this.expired.filter((r) => r.to < page.expired.from), page.expired];
    }
    return page.messages.filter((message) => this.add(message, true));
  }

  // Goes to another part of the log: what is on the page is all that is held, and newer messages are loaded by scrolling down.
  openAt(page) {
    const heard = this.#known;
    this.clear();
    this.raise(page.head);
    heard.dropBelow(page.head + 1);
    heard.add(page.to + 1, page.head); // what became of those messages is in the page
    this.#known = heard;
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

  // What is fetched without being asked for, after the window too: it may tell what became of messages in it.
  gapsToFetch() {
    return this.#unheard().filter((gap) => !isLong(gap));
  }

  // Up to here everything was heard of, but for long gaps that are shown as such; null: nothing was loaded yet.
  get cursor() {
    if (!this.loaded) return null;
    const gap = this.#unheard().find((missed) => !isLong(missed) || missed.to === this.head);
    return gap ? gap.from - 1 : this.head;
  }

  // Forgets the end of the window that is far from the reader when it holds too much; readerAt is the number they are at, null at the newest.
  bound(readerAt) {
    const { messages } = this;
    if (messages.length <= mostHeld + spare) return;
    if (readerAt !== null && readerAt < messages[messages.length >> 1].seq) this.keepFirst();
    else this.keepLast();
  }

  // Forgets all but the latest messages of the window, which are loaded again by scrolling up.
  keepLast(count = mostHeld) {
    if (this.messages.length <= count) return;
    this.#keep(this.messages.slice(-count));
    const { seq } = this.messages[0];
    this.#base = seq;
    this.#known.dropBelow(seq);
    this.expired = this.expired.filter((r) => r.from >= seq);
    this.start = false;
  }

  // Forgets all but the earliest messages of the window, which are loaded again by scrolling down.
  keepFirst(count = mostHeld) {
    if (this.messages.length <= count) return;
    this.#keep(this.messages.slice(0, count));
    this.#top = this.messages.at(-1).seq;
  }

  // Forgets all but the head, and what became of messages.
  clear() {
    this.#keep([]);
    this.#known = new Ranges();
    this.#base = null;
    this.#top = null;
    this.expired = [];
    this.start = false;
  }

  #keep(messages) {
    const before = this.messages;
    this.messages = messages;
    this.#byId = new Map(messages.map((message) => [message.messageId, message]));
    for (const message of before) if (message.rev > 0 && !this.#byId.has(message.messageId)) this.#note(message);
  }

  #unheard() {
    return this.loaded ? this.#known.gaps(this.#base, this.head) : [];
  }

  #wantFrom(seq) {
    if (this.#base === null || seq < this.#base) this.#base = seq;
  }

  #renew(copy, answer) {
    const known = this.get(copy.messageId);
    if (known) this.#put(newer(known, copy, { answer }));
    else this.#note(this.latest(copy));
  }

  #note(message) {
    this.#late.delete(message.messageId);
    this.#late.set(message.messageId, message);
    if (this.#late.size > mostLate) this.#late.delete(this.#late.keys().next().value);
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
