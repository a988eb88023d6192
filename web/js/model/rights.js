import { isGuest } from './names.js';

// Who may do what in a room, so that the page offers nothing in vain. The server decides.
const levels = ['none', 'member', 'moderator', 'owner'];

const levelOf = (role) => Math.max(0, levels.indexOf(role));

export const keepsOrder = (room) => !room.private && levelOf(room.role) >= levelOf('moderator');

export const owns = (room) => room.role === 'owner';

export const mayInvite = (room) => !room.private && room.role !== 'none' && levelOf(room.role) >= levelOf(room.policy.roles.invite);

// Nobody acts on themselves, their equals or their betters.
export function mayActOn(room, person, me) {
  return keepsOrder(room) && person.id !== me.id && levelOf(roleIn(room, person.id)) < levelOf(room.role);
}

// What a person is in a room, as far as it was loaded; whoever has come in since is a member.
export function roleIn(room, userId) {
  if (room.policy.ownerId === userId) return 'owner';
  return room.belong.people.get(userId)?.role ?? (room.people.has(userId) ? 'member' : 'none');
}

// The roles that the owner can give somebody; guests do not keep order.
export function rolesFor(room, person) {
  const role = roleIn(room, person.id);
  if (!owns(room) || role === 'none' || role === 'owner' || isGuest(person.id)) return [];
  return role === 'moderator' ? ['member', 'owner'] : ['moderator', 'owner'];
}

// Rooms that another can be put beneath.
export function roomsAbove(rooms, room = null) {
  return rooms.filter((other) => other !== room && keepsOrder(other) && other.policy.parentId === '' && other.policy.visibility !== 'private');
}
