import { calledOf, isPrivate } from '../model/names.js';
import { Room } from './room.js';

export const mostFollowed = 50; // by one connection

// All rooms that the page knows, and what is kept of them for next time: which are followed, and what was read.
export class Rooms {
  #rooms = new Map();
  #store;
  #fetch;
  #changed;
  #saving = null;
  #stopped = false;

  // fetch(roomId, fields) asks for history and resolves when it is in the room's log; changed() hears what rooms do by themselves.
  constructor({ store, fetch, changed }) {
    this.#store = store;
    this.#fetch = fetch;
    this.#changed = changed;
    for (const kept of store.get('rooms') ?? []) {
      const room = this.at(kept.id);
      room.followed = true;
      room.name = kept.name ?? room.name;
      room.readSeq = kept.read ?? null;
      room.other = kept.other ?? null;
      room.activeAt = kept.at ?? 0;
    }
  }

  get(id) {
    return this.#rooms.get(id);
  }

  // The room of an id; one that was not known yet is made.
  at(id) {
    if (!this.#rooms.has(id)) this.#rooms.set(id, new Room(id, { fetch: (fields) => this.#fetch(id, fields), changed: this.#changed }));
    return this.#rooms.get(id);
  }

  get all() {
    return [...this.#rooms.values()];
  }

  // Public rooms that are followed, the most recent first.
  get followed() {
    return byActivity(this.all.filter((room) => room.followed && !room.private));
  }

  get conversations() {
    return byActivity(this.all.filter((room) => room.followed && room.private));
  }

  // Public rooms to find, in the server's order: the most active first.
  get others() {
    return this.all.filter((room) => !room.followed && !room.private);
  }

  // The names of people, as far as any room has heard them.
  nameOf(userId) {
    for (const room of this.#rooms.values()) {
      const name = room.people.get(userId)?.name ?? (room.other?.id === userId ? room.other.name : '');
      if (name) return name;
    }
    return this.all.flatMap((room) => room.log.messages).findLast((m) => m.senderId === userId)?.senderName ?? '';
  }

  // Whom the reader has seen in any room, by name: [{id, name}].
  peopleSeen(me) {
    const seen = new Map();
    for (const room of this.#rooms.values()) {
      for (const message of room.log.messages) seen.set(message.senderId, message.senderName);
      for (const [id, { name }] of [...room.belong.people, ...room.people]) seen.set(id, name);
      if (room.other?.name) seen.set(room.other.id, room.other.name);
    }
    seen.delete(me.id);
    return [...seen].map(([id, name]) => ({ id, name: calledOf(id, name) })).sort((a, b) => a.name.localeCompare(b.name));
  }

  isHere(userId) {
    return this.all.some((room) => !room.private && room.followed && room.people.has(userId));
  }

  follow(room) {
    room.followed = true;
    room.readSeq ??= room.log.head;
    this.save();
  }

  // A conversation cannot be left, only put away until somebody writes again.
  unfollow(room) {
    room.followed = false;
    room.people.clear();
    room.gaps.stop();
    this.save();
  }

  // A room that is not there for the reader any more.
  forget(room) {
    this.#rooms.delete(room.id);
  }

  read(room, seq) {
    if (room.readSeq !== null && seq <= room.readSeq) return false;
    room.readSeq = seq;
    this.save();
    return true;
  }

  // Soon, and not for every message.
  save() {
    this.#saving ??= setTimeout(() => this.saveNow(), 300);
  }

  saveNow() {
    if (this.#stopped) return;
    clearTimeout(this.#saving);
    this.#saving = null;
    const kept = [...this.followed.slice(0, mostFollowed), ...this.conversations.slice(0, mostFollowed)];
    this.#store.set('rooms', kept.map(({ id, name, readSeq, other, activeAt }) => (
      isPrivate(id) ? { id, read: readSeq, other, at: activeAt } : { id, name, read: readSeq, at: activeAt })));
  }

  // Keeps what is to be kept, and nothing after that.
  stop() {
    this.saveNow();
    this.#stopped = true;
    for (const room of this.#rooms.values()) room.gaps.stop();
  }
}

function byActivity(rooms) {
  return rooms.sort((a, b) => b.activeAt - a.activeAt || a.title.localeCompare(b.title));
}
