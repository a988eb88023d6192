import { isGuest } from './names.js';

// Who may do what in a room, so that the page offers nothing in vain. The server decides.
const levels = ['none', 'member', 'moderator', 'owner'];
const groups = { moderators: 4, admins: 5 }; // of the deployment, who are above all roles

const levelOf = (role) => Math.max(0, levels.indexOf(role));

const standingOf = (room, me) => Math.max(levelOf(room.role), ...(me?.groups ?? []).map((group) => groups[group] ?? 0));

export const keepsOrder = (room, me) => !room.private && standingOf(room, me) >= levelOf('moderator');

export const governs = (room, me) => !room.private && standingOf(room, me) >= levelOf('owner');

export const owns = (room) => room.role === 'owner';

export const mayInvite = (room, me) => !room.private && standingOf(room, me) >= Math.max(levelOf('member'), levelOf(room.policy.roles.invite));

// Nobody acts on themselves, their equals or their betters.
export function mayActOn(room, person, me) {
  return keepsOrder(room, me) && person.id !== me.id && levelOf(roleIn(room, person.id)) < standingOf(room, me);
}

// What a person is in a room, as far as it was loaded; whoever has come in since is a member.
export function roleIn(room, userId) {
  if (room.policy.ownerId === userId) return 'owner';
  return room.belong.people.get(userId)?.role ?? (room.people.has(userId) ? 'member' : 'none');
}

// The roles that whoever governs the room can give somebody; guests do not keep order.
export function rolesFor(room, person, me) {
  const role = roleIn(room, person.id);
  if (!governs(room, me) || role === 'none' || role === 'owner' || isGuest(person.id)) return [];
  return role === 'moderator' ? ['member', 'owner'] : ['moderator', 'owner'];
}

// Rooms that another can be put beneath.
export function roomsAbove(rooms, me, room = null) {
  return rooms.filter((other) => other !== room && keepsOrder(other, me) && other.policy.parentId === '' && other.policy.visibility !== 'private');
}
