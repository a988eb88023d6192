import { isGuest } from './names.js';

// Who is here, and who belongs here as far as loaded. Of a conversation of two whose other is not known yet, it is oneself alone.
export function peopleOf(room, me, statusOf) {
  if (room.private) return [{ ...me, status: statusOf(me.id), here: true }, ...otherOf(room, statusOf)];
  const people = new Map();
  for (const [id, { name, guest, role, here }] of room.belong.people) {
    if (guest && !here) continue; // who has closed their window does not come back
    people.set(id, { id, name, guest, role, status: here ? statusOf(id) : 'offline', here: false });
  }
  for (const [id, { name, guest }] of room.people) people.set(id, { ...people.get(id), id, name, guest, status: awake(statusOf(id)), here: true });
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function otherOf({ other }, statusOf) {
  if (!other) return [];
  const status = statusOf(other.id);
  return [{ id: other.id, name: other.name || other.id, guest: isGuest(other.id), status, here: status !== 'offline' }];
}

const awake = (status) => (status === 'offline' ? 'online' : status);
