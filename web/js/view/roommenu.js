import { html } from '/static/vendor/preact-htm.js';
import { keepsOrder, mayInvite } from '../model/rights.js';
import { Menu } from './menu.js';
import { Notice } from './notice.js';

// What one can do with the open room.
export function RoomMenu({ chat, room, go }) {
  const keeps = keepsOrder(room, chat.me);
  const items = [
    { label: 'Copy the address of this room', action: () => navigator.clipboard?.writeText(location.href) },
    mayInvite(room, chat.me) && { label: 'Invitations…', action: () => go.dialog('invite', { room }) },
    keeps && { label: 'Settings of this room…', action: () => go.dialog('settings', { room }) },
    keeps && { label: room.policy.locked ? 'Unlock this room' : 'Lock this room', action: () => lock(chat, room, !room.policy.locked) },
    keeps && { label: 'Mute or ban somebody…', action: () => go.dialog('moderate', { room }) },
    keeps && { label: 'Muted and banned people…', action: () => go.dialog('measures', { room }) },
    { label: 'Keyboard', key: 'Ctrl /', action: () => go.dialog('keys') },
  ].filter(Boolean);
  const away = leaving(chat, room, go);
  if (away) items.push(null, { ...away, danger: true });
  return html`<${Menu} label="This room" icon="more" items=${items} />`;
}

// Where a room is locked only those who keep order write.
async function lock(chat, room, locked) {
  try {
    await chat.membership.update(room, { locked });
    chat.membership.say(locked ? `${room.title} is locked: only its moderators write.` : `${room.title} is open again: everyone here writes.`);
  } catch (error) {
    chat.membership.say(`${room.title} stays as it is: ${error.message}`);
  }
}

// How one leaves it: a public room is found again, another one is not.
function leaving(chat, room, go) {
  if (!room.followed) return null;
  if (!room.private && room.policy.visibility !== 'public' && room.role !== 'none') return { label: 'Leave this room…', action: () => go.dialog('part', { room }) };
  if (!room.private && chat.rooms.followed.length === 1) return null;
  return { label: room.private ? 'Put this conversation away' : 'Leave this room', action: () => leave(chat, room, go) };
}

async function leave(chat, room, go) {
  try {
    await chat.leave(room);
  } catch {
    return; // still in the room, as the list shows
  }
  const [next] = [...chat.rooms.followed, ...chat.rooms.conversations];
  if (next) go.room(next.id);
}

// In place of a room that the reader was put out of.
export function Out({ chat, room, go }) {
  const [next] = chat.rooms.followed;
  const open = room.policy.visibility === 'public';
  return html`<${Notice} title=${`You are not in ${room.title} any more.`} text=${`${room.putOutFor}.`}>
    ${next && html`<button class="button filled" onClick=${() => go.room(next.id)}>Go to ${next.title}</button>`}
    ${open && html`<button class="button" onClick=${() => chat.open(room.id)}>Try to come back</button>`}
  </${Notice}>`;
}
