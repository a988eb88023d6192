import { html, useEffect, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { treeOf } from '../model/policy.js';
import { browser } from '../session/storage.js';
import { lampOf, wordOf } from '../model/status.js';
import { moveWithArrows } from './hooks.js';
import { Icon, Mark } from './icon.js';
import { Invitations } from './invite.js';
import { Menu } from './menu.js';
import { Status } from './status.js';

const searchPause = 250;

// The left column: the state of the connection, rooms and private conversations with their jacks, and oneself.
export function RoomList({ chat, status, go, shown }) {
  const [query, setQuery] = useState('');
  useEffect(() => {
    if (!query || !chat.me) return undefined;
    const timer = setTimeout(() => chat.listRooms(query), searchPause);
    return () => clearTimeout(timer);
  }, [query]);
  const rooms = chat.rooms;
  const place = useRef(null);
  const inOrder = useOrder(place);
  const focused = useFocusOfRow(place);
  const found = (list) => inOrder(list.filter((room) => matches(room, query)));
  const open = (room) => {
    setQuery('');
    if (room.private) go.person(room.other.id);
    else go.room(room.id);
  };
  const outside = !rooms && ['out', 'refused'].includes(chat.line.state.kind); // there will be no list
  const lists = rooms && [
    { title: 'Rooms', rooms: found(rooms.followed), add: true },
    { title: 'Private', rooms: found(rooms.conversations.filter((room) => room.other)) },
    { title: 'More rooms', rooms: found(rooms.others) },
  ];
  return html`<nav class=${`rooms ${shown ? 'shown' : ''}`} aria-label="Rooms">
    <div class="side">
      <header class="side-head">
        <${Mark} />
        <div>
          <p class="side-title">Switchboard</p>
          <${Status} chat=${chat} status=${status} />
        </div>
        <button class="icon-button drawer-close" aria-label="Close" onClick=${() => go.drawer(null)}><${Icon} name="close" /></button>
      </header>
      <search class="find">
        <${Icon} name="find" />
        <input class="field" type="search" placeholder="Find or go to" aria-label="Find a room or a person" value=${query}
          onInput=${(e) => setQuery(e.target.value)} onKeyDown=${(e) => findKeys(e, { lists, open, setQuery })} />
        <kbd aria-hidden="true">Ctrl K</kbd>
      </search>
      <div class="rooms-list" ref=${place} tabindex="-1" onFocusIn=${focused} onKeyDown=${moveWithArrows}>
        ${outside ? '' : !lists || (chat.list === 'loading' && rooms.all.length === 0) ? html`<${Skeleton} />` : html`
          <${Invitations} chat=${chat} go=${go} />
          ${lists.map((list) => html`<${Group} key=${list.title} ...${list} chat=${chat} status=${status} open=${open} go=${go} query=${query} />`)}
          ${chat.list instanceof Error && html`<p class="side-note">The list of rooms did not come. <button class="link" onClick=${() => chat.listRooms()}>Try again</button></p>`}
          ${query && lists.every((list) => list.rooms.length === 0) && html`<p class="side-note">Nothing is called “${query}”.
            <button class="link" onClick=${() => go.dialog('room')}>New room</button></p>`}`}
      </div>
      <footer class="side-foot"><${Self} chat=${chat} status=${status} go=${go} /></footer>
    </div>
  </nav>`;
}

// Rooms do not change places under a hand: while the list has the focus or the pointer, each stays where it was.
function useOrder(place) {
  const order = useRef(new Map());
  const held = place.current?.matches(':hover, :focus-within');
  const next = new Map();
  useEffect(() => {
    order.current = next;
  });
  return (rooms) => {
    const at = (room) => order.current.get(room.id) ?? Number.MAX_SAFE_INTEGER;
    const list = held ? rooms.toSorted((a, b) => at(a) - at(b)) : rooms;
    for (const room of list) next.set(room.id, next.size);
    return list;
  };
}

// A room that goes to another list takes the focus along.
function useFocusOfRow(place) {
  const row = useRef(null);
  useLayoutEffect(() => {
    if (!row.current || row.current.isConnected) return;
    const again = [...place.current.querySelectorAll('[data-room]')].find((other) => other.dataset.room === row.current.dataset.room);
    if (document.activeElement === document.body) again?.focus();
    row.current = null;
  });
  return (event) => {
    row.current = event.target.closest('[data-room]');
  };
}

function matches(room, query) {
  return `${room.title}\n${room.private ? '' : room.id}`.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
}

function findKeys(event, { lists, open, setQuery }) {
  if (event.key === 'Enter') {
    const first = lists?.flatMap((list) => list.rooms)[0];
    if (first) {
      event.target.blur();
      open(first);
    }
  } else if (event.key === 'Escape' && event.target.value !== '') {
    event.stopPropagation();
    setQuery('');
  } else if (event.key === 'ArrowDown' && !event.altKey) {
    event.preventDefault();
    event.currentTarget.closest('.side').querySelector('.rooms-list [data-item]')?.focus();
  }
}

function Group({ title, rooms, add, chat, status, open, go, query }) {
  if (rooms.length === 0 && !add) return null;
  return html`<section aria-label=${title}>
    <h2 class="side-word">${title}
      ${add && html`<button class="icon-button" aria-label="New room" title="New room" onClick=${() => go.dialog('room')}><${Icon} name="add" /></button>`}</h2>
    <ul>${treeOf(rooms).map(({ room, beneath }) => html`<${Row} key=${room.id} room=${room} chat=${chat} status=${status} open=${open}>
      ${beneath.length > 0 && html`<ul aria-label=${`Beneath ${room.title}`}>${beneath.map((below) => html`<${Row} key=${below.id} room=${below} chat=${chat} status=${status} open=${open} />`)}</ul>`}
    </${Row}>`)}</ul>
    ${rooms.length === 0 && !query && html`<p class="side-note">You are in no room yet.</p>`}
  </section>`;
}

function Row({ room, chat, status, open, children }) {
  const here = room === chat.current;
  const { count, mentions } = here && !document.hidden ? { count: 0, mentions: 0 } : room.followed ? room.unread(chat.me) : { count: 0, mentions: 0 };
  const needs = mentions > 0;
  const kind = room.private ? '' : kinds[room.policy.visibility];
  const words = here ? 'open' : needs ? `${mentions} for you` : count > 0 ? `${count} unread` : '';
  const plugged = { solid: 'open', pulled: 'pulled', dead: '', removed: 'busy' };
  const lamp = here ? plugged[status.cord] : needs ? 'needs' : count > 0 ? 'unread' : '';
  return html`<li><button data-room=${room.id} class=${`room-row ${count > 0 ? 'new' : ''} ${room.followed ? '' : 'other'}`} data-item
      aria-current=${here ? 'page' : undefined} onClick=${() => open(room)}>
    ${room.private && html`<span class=${`lamp-dot ${lampOf[chat.live.statusOf(room.other.id)]}`} aria-hidden="true"></span>`}
    <span class="room-name" dir="auto" title=${room.title}>${room.title}</span>
    ${kind && html`<${Icon} name="key" />`}
    ${needs ? html`<span class="count needs" aria-hidden="true">@${mentions}</span>` : count > 0 && html`<span class="count" aria-hidden="true">${count}</span>`}
    <span class="unseen">${[room.private && wordOf[chat.live.statusOf(room.other.id)], kind, words].filter(Boolean).join(', ')}</span>
    <span class=${`jack lamp-dot ${lamp}`} aria-hidden="true"></span>
  </button>${children}</li>`;
}

const kinds = { private: 'private', unlisted: 'unlisted' };

function Skeleton() {
  return html`<div class="side-skeleton" role="status" aria-label="Loading rooms">${[70, 45, 60, 52].map((width) => html`<div class="skeleton" style=${{ width: `${width}%` }}></div>`)}</div>`;
}

function Self({ chat, status, go }) {
  const theme = browser.get('theme') ?? 'system';
  const [, again] = useState(0);
  const choose = (name) => {
    browser.set('theme', name);
    if (name === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    again((n) => n + 1);
  };
  const mine = chat.me ? chat.live.presence.choice : 'online';
  const presence = [
    { label: 'Online', checked: mine === 'online', action: () => chat.live.choose('online') },
    { label: 'Busy', checked: mine === 'busy', action: () => chat.live.choose('busy') },
    null,
  ];
  const items = [
    ...(chat.me ? presence : []),
    { label: 'As the system', checked: theme === 'system', action: () => choose('system') },
    { label: 'Light', checked: theme === 'light', action: () => choose('light') },
    { label: 'Dark', checked: theme === 'dark', action: () => choose('dark') },
    null,
    { label: 'Open a second window as someone else', action: () => window.open(location.pathname, '_blank', 'noopener,noreferrer') },
    chat.features.includes('export') && { label: 'Download my data…', action: () => go.dialog('data') },
    { label: 'Keyboard', key: 'Ctrl /', action: () => go.dialog('keys') },
    null,
    { label: 'Sign out…', danger: true, action: () => go.dialog('leave') },
  ].filter((item) => item !== false);
  const present = status.lamp === 'on' ? chat.me && chat.live.statusOf(chat.me.id) : 'offline';
  return html`${chat.me && html`<span class=${`lamp-dot ${lampOf[present]}`} aria-hidden="true"></span><span class="unseen">${wordOf[present]}</span>`}
    <span class="self-name" dir="auto">${chat.me?.name ?? ''}</span>${chat.me?.guest && html`<span class="quiet small">guest</span>`}
    <${Menu} label="You and this page" icon="settings" items=${items} above />`;
}
