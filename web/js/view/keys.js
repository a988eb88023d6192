import { useEffect } from '/static/vendor/preact-htm.js';
import { treeOf } from '../model/policy.js';

// What the keyboard does anywhere on the page, for the list of shortcuts too.
export const shortcuts = [
  ['Ctrl K', 'Find a room or a person'],
  ['Ctrl Shift F', 'Search in this room'],
  ['Alt ↑, Alt ↓', 'The room above, the room below'],
  ['Alt Shift ↑, ↓', 'The unread room above, below'],
  ['Enter', 'Send'],
  ['Shift Enter', 'A new line'],
  ['Esc', 'Close what is open, then to the newest message'],
  ['↑', 'In an empty field: edit your last message'],
  ['↑, ↓', 'Move in a list, or among messages'],
  ['R, A, E, C, Del', 'On a message: reply, react, edit, copy, delete'],
  ['Ctrl /', 'This list'],
];

export function useKeys({ chat, go, page, drawer }) {
  useEffect(() => {
    const act = (event) => {
      if (document.querySelector('dialog[open]')) return; // the page beneath it is still
      const control = event.ctrlKey || event.metaKey;
      if (control && event.key.toLowerCase() === 'k') find(page.current, go);
      else if (control && event.shiftKey && event.key.toLowerCase() === 'f' && chat.current && !chat.current.shut) go.drawer('search');
      else if (control && event.key === '/') go.dialog('keys');
      else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        step(chat, go, event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
      } else if (event.key === 'Escape' && drawer) go.drawer(null);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', act);
    return () => document.removeEventListener('keydown', act);
  });
}

// At once, so that what is typed next goes there; a drawer must be there first.
function find(page, go) {
  const field = page.querySelector('.find .field');
  field.focus();
  if (document.activeElement === field) return;
  go.drawer('rooms');
  requestAnimationFrame(() => field.focus());
}

function step(chat, go, by, unreadOnly) {
  if (!chat.me) return;
  const rooms = [...treeOf(chat.rooms.followed).flatMap(({ room, beneath }) => [room, ...beneath]), ...chat.rooms.conversations];
  const at = rooms.indexOf(chat.current);
  for (let i = at + by; i >= 0 && i < rooms.length; i += by) {
    if (unreadOnly && rooms[i].unread(chat.me).count === 0) continue;
    if (rooms[i].private) go.person(rooms[i].other.id);
    else go.room(rooms[i].id);
    return;
  }
}
