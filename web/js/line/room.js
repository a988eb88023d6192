import { GapFetcher } from '../model/gaps.js';
import { isLong, Log } from '../model/log.js';
import { isPrivate, titleOf } from '../model/names.js';
import { unreadOf } from '../model/unread.js';

const mostKept = 600; // messages of a room that nobody looks at

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
  unreadFrom = null; // where the unread line stands while the room is open
  opening = 'no'; // no, loading, done, or the RequestError that it failed with
  older = 'idle'; // idle, loading, or the RequestError that it failed with
  #fetch;

  // fetch(fields) asks for history of this room and resolves when it is in the log.
  constructor(id, fetch) {
    this.id = id;
    this.name = isPrivate(id) ? '' : titleOf(id);
    this.#fetch = fetch;
    this.gaps = new GapFetcher(this.log, (gap) => fetch({ after: gap.from - 1 }), { people: () => this.activeUsers });
  }

  get private() {
    return isPrivate(this.id);
  }

  get title() {
    return this.private ? (this.other?.name ?? 'Private conversation') : this.name;
  }

  // Takes in what the server says about the room, in a list or when it is joined.
  describe(data) {
    this.name = data.name || this.name;
    this.topic = data.topic ?? this.topic;
    if (data.with) this.other = { id: data.with.userId, name: data.with.name };
    this.activeUsers = data.activeUsers ?? this.activeUsers;
    this.log.raise(data.head ?? 0);
  }

  take(message, me) {
    const fresh = this.log.add(message);
    if (fresh) this.#noteOf(message, me);
    this.gaps.look();
    return fresh;
  }

  merge(page, me, atOnce) {
    const fresh = this.log.merge(page);
    for (const message of fresh) this.#noteOf(message, me);
    if (!page.more && page.from === 1) this.log.start = true;
    this.gaps.look(atOnce);
    return fresh;
  }

  async loadOlder() {
    if (this.older === 'loading' || this.log.start || !this.log.loaded) return;
    this.older = 'loading';
    const { first } = this.log;
    try {
      if (first > 1) await this.#fetch({ before: first });
      this.older = 'idle';
      // What expired is told in the answer; nothing before it is worth asking for.
      if (this.log.first <= 1 || this.log.expired.some((r) => r.from <= this.log.first)) this.log.start = true;
    } catch (error) {
      this.older = error;
    }
  }

  // Loads the newer end of a long gap, or asks again for a short one.
  async loadHole(hole) {
    if (hole.kind === 'missing') this.gaps.again();
    else await this.#fetch({ before: hole.to + 1 });
  }

  // What a person must be told is not there, lowest first.
  get holes() {
    const open = this.log.gaps().filter((gap) => isLong(gap) || this.gaps.gaveUp(gap));
    return [
      ...this.log.expired.map((r) => ({ ...r, kind: 'expired' })),
      ...open.map((gap) => ({ ...gap, kind: isLong(gap) ? 'long' : 'missing' })),
    ].sort((a, b) => a.from - b.from);
  }

  // Whether the latest messages are there, so many or all.
  hasLatest(count) {
    return this.log.loaded && this.log.cursor === this.log.head && (this.log.start || this.log.messages.length >= count);
  }

  unread(me) {
    return unreadOf(this.log, this.readSeq, me);
  }

  // Forgets what is far away while nobody looks.
  shrink() {
    this.log.keepLast(mostKept);
  }

  #noteOf(message, me) {
    this.activeAt = Math.max(this.activeAt, message.sentAt);
    if (!this.private || this.other?.name) return;
    if (message.senderId !== me.id) this.other = { id: message.senderId, name: message.senderName };
    else if (message.targetUserId && !this.other) this.other = { id: message.targetUserId, name: '' };
  }
}
