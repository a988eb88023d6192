import { Markers } from './markers.js';
import { Presence } from './presence.js';
import { Typing } from './typing.js';

// What passes and is kept nowhere, or only for the reader: who is there, who writes, and how far the reader has read.
export class Live {
  statuses = new Map(); // of people, as last heard
  #chat;

  constructor(chat) {
    this.#chat = chat;
    const every = (name) => () => chat.limits[name] * 1000;
    this.typing = new Typing({ tell: (fields) => chat.requests.tell('typing', fields), every: every('typingSeconds'), changed: () => chat.changed() });
    this.markers = new Markers({ tell: (fields) => chat.ask('read', fields), every: every('readSeconds') });
    this.presence = new Presence({ say: (status) => chat.ask('presence', { status }), limits: () => chat.limits });
  }

  // busy, online, away or offline.
  statusOf(userId) {
    if (userId === this.#chat.me.id) return this.statuses.get(userId) ?? this.presence.status;
    const here = this.#chat.rooms.isHere(userId);
    const status = this.statuses.get(userId) ?? (here ? 'online' : 'offline');
    return status === 'offline' && here ? 'online' : status;
  }

  hearStatus({ userId, status }) {
    this.statuses.set(userId, status);
    if (status !== 'offline') return;
    for (const room of this.#chat.rooms.all) this.typing.over(room.id, userId);
  }

  // Takes in people of a list, with their statuses.
  meet(people) {
    for (const { userId, status } of people) this.statuses.set(userId, status);
  }

  // In this window and in others of the same person.
  choose(choice) {
    this.#chat.store.set('presence', choice);
    this.chosen(choice);
  }

  // Another window has chosen, or an earlier one had.
  chosen(choice) {
    this.presence.choose(choice === 'busy' ? 'busy' : 'online');
    this.#chat.changed();
  }

  connected() {
    this.presence.connected();
  }

  disconnected() {
    this.presence.disconnected();
    this.markers.stop();
    this.typing.stop();
  }

  // Who belongs to a room, the first page or the next. What fails can be asked for again.
  async loadMembers(room, next = false) {
    if (room.private || room.belong.state === 'loading') return;
    const cursor = next ? room.belong.cursor : undefined;
    const { belong } = room;
    belong.state = 'loading';
    try {
      const { data } = await this.#chat.ask('members', { roomId: room.id, cursor });
      if (room.belong !== belong) return; // the reader was put out of it
      if (!next) belong.people = new Map();
      for (const person of data.people) belong.people.set(person.userId, person);
      this.meet(data.people);
      room.belong = { people: belong.people, cursor: data.cursor, more: data.more, state: 'done' };
    } catch (error) {
      belong.state = error;
    }
    this.#chat.changed();
  }
}
