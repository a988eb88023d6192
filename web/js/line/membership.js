import { RequestError } from '../model/frames.js';
import { sentenceOf } from '../model/measures.js';
import { calledOf } from '../model/names.js';

const mostNews = 3; // sentences at a time
const longestTimer = 2 ** 31 - 1; // of setTimeout; a longer mute ends on another day

// What the reader is in rooms, who has invited them, and what moderators have done to them. What one can do about it rejects with a RequestError.
export class Membership {
  invites = new Map(); // by room: {roomId, name, role, by, byName}
  news = []; // sentences that the reader has not put away yet
  #chat;
  #mutes = new Map(); // of the reader, by room ('' for everywhere): {until, reason}; until in milliseconds, null for good

  constructor(chat) {
    this.#chat = chat;
  }

  // The reader is somebody now, of whom the browser may have kept something.
  begin() {
    this.invites.clear();
    this.news = [];
    this.#mutes = new Map(this.#chat.store.get('mutes') ?? []);
    for (const mute of this.#mutes.values()) this.#lookAgain(mute);
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

  // Why the reader cannot write in a room: {until, reason}, or null.
  muteOf(room) {
    return this.#holding(room.id) ?? this.#holding('');
  }

  // Says what the reader has not read yet; the last few sentences stand, each once.
  say(sentence) {
    this.news = [...this.news.filter((other) => other !== sentence), sentence].slice(-mostNews);
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
    const measure = { act, reason, until: endOf({ until, forGood }) };
    const title = roomId === '' ? '' : rooms.at(roomId).title;
    const mine = userId === me.id;
    this.say(sentenceOf(measure, { name: mine ? null : calledOf(userId, rooms.nameOf(userId) || userId), room: title, now: Date.now() }));
    if (act === 'delete') rooms.at(roomId).log.noteReason(messageId, reason);
    if (!mine || !act.endsWith('mute')) return;
    this.#note(roomId, act === 'mute' ? { until: measure.until, reason } : null);
  }

  // Whether the reader may write in a room, as the server says whenever they come back: muted is {reason, until, forGood, everywhere}, or
  // nothing. A mute in that room alone says nothing of others.
  hearMute({ roomId, muted }) {
    const mute = muted ? { until: endOf(muted), reason: muted.reason } : null;
    this.#note(roomId, muted?.everywhere ? null : mute);
    if (!muted || muted.everywhere) this.#note('', mute);
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

  #holding(roomId) {
    const mute = this.#mutes.get(roomId);
    return mute && (mute.until === null || Date.now() < mute.until) ? mute : null;
  }

  #note(roomId, mute) {
    if (!mute && !this.#mutes.has(roomId)) return;
    if (mute) this.#mutes.set(roomId, mute);
    else this.#mutes.delete(roomId);
    this.#chat.store.set('mutes', [...this.#mutes]);
    if (mute) this.#lookAgain(mute);
  }

  // What was said of it holds no longer then.
  #lookAgain({ until }) {
    const left = (until ?? Infinity) - Date.now();
    if (left > 0 && left < longestTimer) setTimeout(() => this.#chat.changed(), left + 1);
  }
}

// When a measure ends, in milliseconds; null: never.
const endOf = ({ until = 0, forGood = false }) => (forGood ? null : until * 1000);
