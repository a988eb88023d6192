import { html } from '/static/vendor/preact-htm.js';
import { mayActOn, roleIn, rolesFor } from '../model/rights.js';
import { Menu } from './menu.js';

const words = { moderator: 'Make a moderator', member: 'Take the moderator’s role' };

// What the reader may do with somebody in a room; nothing where that is only writing to them.
export function PersonMenu({ chat, room, person, go }) {
  const items = actsOnPerson({ chat, room, person, go });
  if (items.length === 0) return null;
  const all = [{ label: 'Write privately', action: () => go.person(person.id) }, null, ...items];
  return html`<${Menu} label=${`What to do with ${person.name}`} icon="more" items=${all} flips />`;
}

function actsOnPerson({ chat, room, person, go }) {
  if (room.private || person.id === chat.me.id) return [];
  const ask = (name) => () => go.dialog(name, { room, person });
  const acts = mayActOn(room, person, chat.me);
  return [
    ...rolesFor(room, person, chat.me).map((role) => (role === 'owner'
      ? { label: 'Make the owner…', action: ask('handOver') }
      : { label: words[role], action: () => give(chat, room, person, role) })),
    acts && { label: 'Mute, kick or ban…', danger: true, action: ask('moderate') },
    acts && roleIn(room, person.id) !== 'none' && { label: 'Remove from the room…', danger: true, action: ask('remove') },
  ].filter(Boolean);
}

async function give(chat, room, person, role) {
  try {
    await chat.membership.setRole(room, person.id, role);
  } catch (error) {
    chat.membership.say(`${person.name} keeps their role: ${error.message}`);
  }
}
