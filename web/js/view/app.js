import { html, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { statusOf } from '../model/status.js';
import { Announcer } from './announcer.js';
import { Conversation } from './conversation.js';
import { Cord } from './cord.js';
import { DeleteMessage } from './deletion.js';
import { Keys, SignOut } from './dialogs.js';
import { useChat, useNow } from './hooks.js';
import { NewRoom } from './newroom.js';
import { People } from './people.js';
import { RoomDialog } from './roomdialog.js';
import { RoomList } from './roomlist.js';
import { hashOfPerson, hashOfRoom, wantedIn } from './route.js';
import { Search } from './search.js';
import { useKeys } from './keys.js';

// The three columns, what lies over them, and what holds for all of them.
export function App({ chat, onLeave }) {
  useChat(chat);
  const page = useRef(null);
  const [drawer, setDrawer] = useState(null); // rooms, people, search, or null
  const [dialog, setDialog] = useState(null); // {name, of: what it is about}, or null
  const shut = chat.current?.shut ?? false;
  useEffect(() => {
    if (shut) setDrawer((open) => (open === 'search' ? null : open));
  }, [shut]);
  const { state } = chat.line;
  const now = useNow(state.kind === 'waiting' || (state.kind === 'out' && state.until !== null));
  const status = statusOf(state, { now, known: chat.me !== null, waiting: chat.outbox?.waiting ?? 0 });

  const to = (hash) => {
    setDrawer(null);
    if (location.hash === hash) return;
    history.pushState(null, '', hash);
    follow(chat);
  };
  const go = {
    room: (id) => to(hashOfRoom(id)),
    person: (id) => to(hashOfPerson(id)),
    drawer: setDrawer,
    dialog: (name, of) => setDialog({ name, of }),
    leave: onLeave,
  };
  useRoute(chat);
  useBrowser(chat);
  useTitle(chat);
  useKeys({ chat, go, page, drawer });

  const close = () => setDialog((shown) => (shown === dialog ? null : shown)); // the browser tells of it late: the next may be open
  return html`<div class=${`app ${drawer ? `drawer-${drawer}` : ''}`} ref=${page}>
    <${RoomList} chat=${chat} status=${status} go=${go} shown=${drawer === 'rooms'} />
    <${Conversation} chat=${chat} status=${status} now=${now} go=${go} />
    ${drawer === 'search' && chat.current ? html`<${Search} key=${chat.current.id} chat=${chat} go=${go} />` : html`<${People} chat=${chat} go=${go} shown=${drawer === 'people'} />`}
    ${drawer && html`<div class="veil" onClick=${() => setDrawer(null)}></div>`}
    <${Cord} place=${page} from=".room-row[aria-current] .jack" to=${drawer === 'rooms' ? '.plug-place' : '.conversation-title'}
      turn=${drawer === 'rooms' ? '.plug-edge' : '.conversation'} within=".rooms-list" state=${status.cord} />
    <span class="plug-edge" aria-hidden="true"></span><span class="plug-place" aria-hidden="true"></span>
    ${dialog?.name === 'room' && html`<${NewRoom} chat=${chat} go=${go} onClose=${close} />`}
    ${dialog?.name === 'keys' && html`<${Keys} onClose=${close} />`}
    ${dialog?.name === 'leave' && html`<${SignOut} chat=${chat} onLeave=${onLeave} onClose=${close} />`}
    ${dialog?.name === 'delete' && html`<${DeleteMessage} chat=${chat} message=${dialog.of} onClose=${close} />`}
    <${RoomDialog} dialog=${dialog} chat=${chat} go=${go} onClose=${close} />
    <${Announcer} />
  </div>`;
}

// Opens what the address names.
async function follow(chat) {
  const wanted = wantedIn(location.hash);
  if (!chat.me || !wanted) return;
  if (wanted.person) await chat.openPrivate(wanted.person);
  else if (wanted.room !== chat.current?.id) await chat.open(wanted.room);
}

// The address says which room is open, and the open room is what the address says.
function useRoute(chat) {
  useEffect(() => {
    const moved = () => follow(chat);
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, [chat]);
  const { current } = chat;
  useEffect(() => {
    if (!current) return;
    const hash = current.private ? (current.other ? hashOfPerson(current.other.id) : hashOfRoom(current.id)) : hashOfRoom(current.id);
    if (location.hash !== hash) history.replaceState(null, '', hash);
  }, [current]);
}

const hands = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove', 'focus']; // on the page

function useBrowser(chat) {
  useEffect(() => {
    const events = [
      [window, 'online', () => chat.line.network(true)],
      [window, 'offline', () => chat.line.network(false)],
      [document, 'visibilitychange', () => chat.visible(!document.hidden)],
      [window, 'pagehide', () => chat.rooms?.saveNow()],
      [window, 'storage', (event) => chat.store?.is(event.key, 'presence') && chat.live.chosen(chat.store.get('presence'))],
      ...hands.map((name) => [window, name, () => chat.live.presence.active()]),
    ];
    for (const [target, name, act] of events) target.addEventListener(name, act, { passive: true });
    return () => {
      for (const [target, name, act] of events) target.removeEventListener(name, act);
    };
  }, [chat]);
}

// The tab says how many messages wait, as far as they are for this reader.
function useTitle(chat) {
  const counts = chat.me ? [...chat.rooms.followed, ...chat.rooms.conversations].map((room) => room.unread(chat.me).count) : [];
  const unread = counts.reduce((sum, count) => sum + count, 0);
  const title = `${unread > 0 ? `(${unread}) ` : ''}${chat.current ? `${chat.current.title} · ` : ''}Switchboard`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
