import { RequestError } from '../model/frames.js';
import { sentenceOf } from '../model/measures.js';
import { calledOf } from '../model/names.js';

const longestTimer = 2 ** 31 - 1; // of setTimeout; a longer mute ends on another day

// What the reader is in rooms, who has invited them, and what moderators have done to them. What one can do about it rejects with a RequestError.
export class Membership {
  invites = new Map(); // by room: {roomId, name, role, by, byName}
  news = []; // sentences that the reader has not put away yet
  #chat;
  #bars = new Map(); // by room ('' for everywhere) and kind: {act, until, reason}; until in milliseconds, null for good

  constructor(chat) {
    this.#chat = chat;
  }

  // The reader is somebody now, of whom the browser may have kept something.
  begin() {
    this.invites.clear();
    this.news = [];
    this.#bars = new Map(this.#chat.store.get('bars') ?? []);
    for (const bar of this.#bars.values()) this.#lookAgain(bar);
  }

  async create(fields) {
    const { data } = await this.#chat.ask('create_room', fields);
    this.#chat.rooms.at(data.roomId).describe({ ...data, role: 'owner' });
    return data.roomId;
  }

  async update(room, changes) {
    await this.#chat.ask('update_room', { roomId: room.id, ...changes });
  }

  // Says whether the person is invited now: a member stays what they are.
  async invite(room, userId, role) {
    const { data } = await this.#chat.ask('invite', { roomId: room.id, userId, role });
    return data.role === 'none';
  }

  // An invitation that is not there any more is put away.
  async answer({ roomId }, accepted) {
    try {
      await this.#chat.ask(accepted ? 'accept_invite' : 'decline_invite', { roomId });
    } catch (error) {
      if (error.code !== 'not_found') throw error;
      throw new RequestError('not_found', 'This invitation was withdrawn.', { retry: false });
    } finally {
      this.invites.delete(roomId);
      this.#chat.changed();
    }
  }

  async setRole(room, userId, role) {
    await this.#chat.ask('set_role', { roomId: room.id, userId, role });
  }

  // act is mute, unmute, kick, ban or unban; seconds are left out for good.
  async moderate(act, room, userId, { seconds, reason }) {
    await this.#chat.ask(`${act}_user`, { roomId: room.id, userId, seconds, reason });
  }

  // A page of those who are muted or banned in a room: {measures, cursor, more}.
  async measures(room, cursor) {
    const { data } = await this.#chat.ask('measures', { roomId: room.id, cursor }, { apart: true });
    return data;
  }

  // A page of those who are invited to a room: {invitations, cursor, more}.
  async invitations(room, cursor) {
    const { data } = await this.#chat.ask('invitations', { roomId: room.id, cursor }, { apart: true });
    return data;
  }

  // Why the reader cannot be in a room: {act, until, reason}, or null.
  barOf(room) {
    return this.#standing(room.id, ['ban', 'kick']);
  }

  // Why the reader cannot write in a room, or null.
  muteOf(room) {
    return this.#standing(room.id, ['mute']) ?? this.#standing('', ['mute']);
  }

  say(sentence) {
    this.news = [...this.news, sentence];
    this.#chat.changed();
  }

  // Takes back what somebody has read.
  noticed(sentence) {
    this.news = this.news.filter((other) => other !== sentence);
    this.#chat.changed();
  }

  hearInvited(invite) {
    this.invites.set(invite.roomId, invite);
  }

  hearMember({ roomId, userId, role, invitedAs }) {
    const { rooms, me, live } = this.#chat;
    const room = rooms.get(roomId);
    if (userId === me.id) {
      if (!invitedAs) this.invites.delete(roomId);
      room?.describe({ role });
    }
    if (!room) return;
    if (role === 'owner') room.policy = { ...room.policy, ownerId: userId };
    const { people } = room.belong;
    if (role === 'none') people.delete(userId);
    else if (people.has(userId)) people.set(userId, { ...people.get(userId), role });
    else if (room.belong.state === 'done') live.loadMembers(room);
  }

  hearModerated({ act, roomId = '', userId, messageId, reason, until, forGood = false }) {
    const { me, rooms } = this.#chat;
    const bar = { act, reason, until: forGood ? null : (until ?? 0) * 1000 };
    const title = roomId === '' ? '' : rooms.at(roomId).title;
    const mine = userId === me.id;
    this.say(sentenceOf(bar, { name: mine ? null : calledOf(userId, rooms.nameOf(userId) || userId), room: title, now: Date.now() }));
    if (act === 'delete') rooms.at(roomId).log.noteReason(messageId, reason);
    if (!mine || act === 'delete') return;
    const key = act.endsWith('mute') ? `${roomId}#mute` : `${roomId}#ban`;
    if (act.startsWith('un')) this.#bars.delete(key);
    else this.#bars.set(key, bar);
    this.#chat.store.set('bars', [...this.#bars]);
    this.#lookAgain(bar);
  }

  // The reader is out of a room: by themselves, or for a reason. gone: it cannot be found either.
  hearLeft({ roomId, reason, gone = false }) {
    const { rooms, current } = this.#chat;
    const room = rooms.get(roomId);
    if (!room) return;
    rooms.unfollow(room);
    if (!reason) return;
    room.putOut(reason);
    if (room !== current) this.say(`You are not in ${room.title} any more. ${reason}.`);
    if (gone || room.policy.visibility !== 'public') rooms.forget(room);
  }

  #standing(roomId, acts) {
    const bar = this.#bars.get(`${roomId}#${acts[0]}`);
    return bar && acts.includes(bar.act) && (bar.until === null || Date.now() < bar.until) ? bar : null;
  }

  // What was said of it holds no longer then.
  #lookAgain({ until }) {
    const left = (until ?? Infinity) - Date.now();
    if (left > 0 && left < longestTimer) setTimeout(() => this.#chat.changed(), left + 1);
  }
}
