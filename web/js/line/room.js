import { GapFetcher } from '../model/gaps.js';
import { Log } from '../model/log.js';
import { newer } from '../model/message.js';
import { calledOf, isPrivate, titleOf } from '../model/names.js';
import { policyAfter, unknownPolicy } from '../model/policy.js';
import { keepsOrder } from '../model/rights.js';
import { unreadOf } from '../model/unread.js';

const nobody = () => ({ people: new Map(), cursor: undefined, more: false, state: 'no' });

// One room, or one private conversation, as this page knows it.
export class Room {
  topic = '';
  followed = false; // heard of while elsewhere
  other = null; // {id, name} in a private conversation
  people = new Map(); // who is here, by id
  activeUsers = 0;
  activeAt = 0; // of the last message, in milliseconds
  log = new Log();
  readSeq = null; // the last number that was seen; null: none is known
  keptRead = null; // the same as the server knows it
  counted = null; // {readSeq, head, unread}: what the server counted
  unreadFrom = null; // where the unread line stands while the room is open
  opening = 'no'; // no, loading, done, or the RequestError that it failed with
  older = 'idle'; // idle, loading, or the RequestError that it failed with
  newer = 'idle'; // the same, of messages after those that are held
  readerAt = null; // the number of the message that the reader looks at; null: at the newest
  role = 'none'; // the reader's
  policy = unknownPolicy;
  putOutFor = ''; // why the reader was put out of it
  belong = nobody(); // who belongs to it, there or not, as far as loaded
  editSeconds = null; // for how long a message may be edited; null: as the server's limits say
  slowModeSeconds = null; // between two messages of one person; null: as the server's limits say
  quotes = new Map(); // of messages that were answered and are not in the log: id to message, 'loading', 'gone' or 'away'
  composing = null; // {edit: message} or {reply: message}; null: something new
  trouble = ''; // why what the reader did last came to nothing
  sought = null; // {seq} of a message to go to and mark
  search = null; // the last one in it, as it was left
  #fetch;
  #changed;

  // fetch(fields) asks for history of this room and resolves when it is in the log; changed() hears of what changes in between.
  constructor(id, { fetch, changed }) {
    this.id = id;
    this.name = isPrivate(id) ? '' : titleOf(id);
    this.#fetch = fetch;
    this.#changed = changed;
    this.gaps = new GapFetcher(this.log, (gap) => fetch({ after: gap.from - 1 }), { people: () => this.activeUsers });
  }

  get private() {
    return isPrivate(this.id);
  }

  // How long this reader waits between two messages, in seconds.
  slowOf(limits, me) {
    if (keepsOrder(this, me)) return 0;
    return this.slowModeSeconds ?? limits.slowModeSeconds[this.id] ?? 0;
  }

  get title() {
    return this.private ? (this.other ? calledOf(this.other.id, this.other.name) : 'Private conversation') : this.name;
  }

  // Takes in what the server says about the room, in a list or when it is joined.
  describe(data) {
    if ((data.rev ?? this.policy.rev) >= this.policy.rev) {
      this.name = data.name || this.name;
      this.topic = data.topic ?? this.topic;
    }
    this.policy = policyAfter(this.policy, data);
    if (data.with) this.other = { id: data.with.userId, name: data.with.name };
    this.activeUsers = data.activeUsers ?? this.activeUsers;
    this.role = data.role ?? this.role;
    this.slowModeSeconds = data.slowModeSeconds ?? this.slowModeSeconds;
    this.editSeconds = data.editSeconds ?? this.editSeconds;
    this.log.raise(data.head ?? 0);
    if (data.readSeq !== undefined && this.role !== 'none') this.readTo(data.readSeq, data);
  }

  // Somebody is not here any more.
  went(userId) {
    const member = this.belong.people.get(userId);
    if (member) this.belong.people.set(userId, { ...member, here: false });
  }

  // The reader has read so far, as the server says.
  readTo(seq, { head = this.log.head, unread }) {
    this.keptRead = Math.max(this.keptRead ?? 0, seq);
    if (unread !== undefined) this.counted = { readSeq: seq, head, unread };
    if (this.readSeq !== null || seq > 0) this.readSeq = Math.max(this.readSeq ?? 0, seq);
  }

  take(message, me) {
    const fresh = this.log.add(message);
    if (fresh) this.#noteOf(message, me);
    this.log.bound(this.readerAt);
    this.gaps.look();
    return fresh;
  }

  change(event, own, me) {
    const fresh = this.log.change(event, own);
    if (fresh) this.#noteOf(fresh, me);
    this.#renewQuote(event.changed);
    this.gaps.look();
  }

  // Goes to another part of the log, which is on this page.
  openAt(page, me) {
    this.gaps.stop();
    this.#taken(page, this.log.openAt(page), me);
    this.gaps.look();
  }

  merge(page, me, atOnce) {
    const fresh = this.log.merge(page);
    this.#taken(page, fresh, me);
    this.gaps.look(atOnce);
    return fresh;
  }

  #taken(page, fresh, me) {
    for (const message of fresh) this.#noteOf(message, me);
    for (const message of page.changed ?? []) this.#renewQuote(message);
    if (!page.more && page.from === 1) this.log.start = true;
    this.log.bound(this.readerAt);
  }

  #renewQuote(copy) {
    const known = this.quotes.get(copy.messageId);
    if (typeof known === 'object') this.quotes.set(copy.messageId, newer(known, copy));
  }

  async loadOlder() {
    if (this.older === 'loading' || this.log.start || !this.log.loaded) return;
    this.older = 'loading';
    this.#changed();
    const { first } = this.log;
    try {
      if (first > 1) await this.#fetch({ before: first });
      this.older = 'idle';
      // What expired is told in the answer; nothing before it is worth asking for.
      if (this.log.first <= 1 || this.log.expired.some((r) => r.from <= this.log.first)) this.log.start = true;
    } catch (error) {
      this.older = error;
    }
    this.#changed();
  }

  // Loads what comes after the window, while there is something.
  async loadNewer() {
    if (this.newer === 'loading' || !this.log.detached) return;
    this.newer = 'loading';
    this.#changed();
    try {
      await this.#fetch({ after: this.log.last });
      this.newer = 'idle';
    } catch (error) {
      this.newer = error;
    }
    this.#changed();
  }

  // Loads the newer end of a long gap, or asks again for a short one.
  async loadHole(hole) {
    if (hole.kind === 'missing') this.gaps.again();
    else await this.#fetch({ before: hole.to + 1 });
  }

  // Whether the latest messages are there, so many or all.
  hasLatest(count) {
    return this.log.loaded && !this.log.detached && this.log.cursor === this.log.head && (this.log.start || this.log.messages.length >= count);
  }

  unread(me) {
    return unreadOf(this.log, this.readSeq, me, this.counted);
  }

  // Where the unread line stands from here on, unless it stands somewhere.
  markUnread(me) {
    if (this.unreadFrom === null && this.unread(me).count > 0) this.unreadFrom = this.readSeq + 1;
  }

  // Whether nothing of it is to be seen: the reader was put out of it, or it could not be opened.
  get shut() {
    return this.putOutFor !== '' || (this.opening instanceof Error && !this.log.loaded);
  }

  // Forgets the messages that are held, of which something newer may be said where nobody hears it.
  letGo() {
    this.opening = 'no';
    this.log.clear();
    this.quotes.clear();
  }

  // The reader may not read it any more; what was read goes from the page.
  putOut(reason) {
    this.putOutFor = reason;
    this.composing = null;
    this.unreadFrom = null;
    this.people.clear();
    this.belong = nobody();
    this.search = null;
    this.letGo();
  }

  // It could not be joined or its history not be had.
  openFailed(error) {
    if (error.code === 'lost' && (this.opening !== 'done' || !this.log.loaded)) this.opening = 'no'; // opened again when there is a connection
    else if (error.code === 'not_found' && this.private && this.other) {
      this.log.start = true; // nobody has written yet
      this.opening = 'done';
    } else if (error.code === 'not_found' || error.code === 'forbidden') {
      this.putOut('');
      this.opening = error;
    } else if (error.code !== 'lost') this.opening = error;
  }

  // Nobody looks any more: the newest messages stay.
  putAway() {
    this.readerAt = null;
    this.sought = null;
    this.trouble = '';
    if (!this.log.detached) this.log.keepLast();
  }

  // Lets go what does not reach the newest messages, which are then to be loaded: not without a connection.
  toNewest() {
    if (!this.log.detached) return;
    this.readerAt = null;
    this.trouble = '';
    this.log.clear();
  }

  #noteOf(message, me) {
    this.activeAt = Math.max(this.activeAt, message.sentAt);
    if (!this.private || this.other?.name) return;
    if (message.senderId !== me.id) this.other = { id: message.senderId, name: message.senderName };
    else if (message.targetUserId && !this.other) this.other = { id: message.targetUserId, name: '' };
  }
}
