import { isPrivate } from '../model/names.js';

// What the page does about each type of frame. A type that is not here, or comes later than this page, is let be.
const heard = {
  welcome(chat, data) {
    chat.welcome(data);
  },

  chat(chat, data) {
    chat.messages.take(data);
  },

  private_message(chat, data) {
    chat.messages.take(data);
  },

  message_edited(chat, data) {
    chat.messages.change(data);
  },

  message_deleted(chat, data) {
    chat.messages.change(data);
  },

  reaction(chat, data) {
    chat.messages.change(data);
  },

  room_joined(chat, data) {
    const room = chat.rooms.at(data.roomId);
    room.describe(data);
    chat.membership.hearMute(data);
    room.people = new Map(data.people.map((person) => [person.userId, person]));
    chat.live.meet(data.people);
    chat.rooms.follow(room);
    chat.live.markers.moved(room);
    room.gaps.look();
  },

  room(chat, data) {
    chat.rooms.get(data.roomId)?.describe(data);
  },

  member(chat, data) {
    chat.membership.hearMember(data);
  },

  invited(chat, data) {
    chat.membership.hearInvited(data);
  },

  moderated(chat, data) {
    chat.membership.hearModerated(data);
  },

  room_left(chat, data) {
    chat.membership.hearLeft(data);
  },

  user_joined(chat, data) {
    const room = chat.rooms.get(data.roomId);
    if (!room || room.people.has(data.userId)) return;
    room.people.set(data.userId, { userId: data.userId, name: data.username, guest: data.userId.startsWith('guest:'), status: 'online' });
    room.activeUsers++;
  },

  user_left(chat, data) {
    const room = chat.rooms.get(data.roomId);
    chat.live.typing.over(data.roomId, data.userId);
    room?.went(data.userId);
    if (room?.people.delete(data.userId)) room.activeUsers = Math.max(room.people.size, room.activeUsers - 1);
  },

  history(chat, data) {
    chat.messages.takePage(data);
    if (chat.current?.opening !== 'done') markUnread(chat, data.roomId);
  },

  resumed(chat, data) {
    chat.sync.resumed(data.roomId);
    chat.membership.hearMute(data);
    chat.messages.takeMissed(data);
    if (chat.current?.opening !== 'done' || chat.current.readerAt !== null || !document.hasFocus()) markUnread(chat, data.roomId);
  },

  error(chat, data) {
    if (data.roomId !== undefined) chat.sync.refused(data);
  },

  room_list(chat, data) {
    for (const invite of data.invites ?? []) chat.membership.hearInvited(invite);
    for (const summary of data.rooms) {
      const room = chat.rooms.at(summary.roomId);
      room.describe(summary);
      if (room.private) chat.rooms.follow(room);
      else if (summary.followed) chat.sync.follow(room);
      if (room.followed) chat.live.markers.moved(room);
      room.gaps.look();
    }
  },

  typing(chat, data) {
    chat.live.typing.hear(data);
  },

  presence(chat, data) {
    chat.live.hearStatus(data);
  },

  read(chat, data) {
    const room = isPrivate(data.roomId) ? chat.rooms.get(data.roomId) : chat.rooms.at(data.roomId);
    if (!room) return;
    room.readTo(data.seq, data);
    if (!room.private) chat.sync.follow(room); // it is open on another device
    chat.rooms.save();
  },

  pong(chat, data) {
    chat.sync.compare(data);
  },
};

// The open room is there for the first time, or again after the reader had not looked at its end.
function markUnread(chat, roomId) {
  if (chat.current?.id === roomId) chat.current.markUnread(chat.me);
}

export function hear(chat, frame) {
  heard[frame.type]?.(chat, frame.data);
}
