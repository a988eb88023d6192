import { html } from '/static/vendor/preact-htm.js';
import { moveWithArrows } from './hooks.js';
import { Icon } from './icon.js';

// The right column: who is here. A press on somebody opens the conversation of two.
export function People({ chat, go, shown }) {
  const room = chat.current;
  const people = room ? listOf(room, chat) : [];
  const on = people.filter((person) => person.on);
  const off = people.filter((person) => !person.on);
  const connected = chat.line.state.kind === 'connected' || chat.line.state.quiet;
  const total = room?.private ? on.length : Math.max(room?.activeUsers ?? 0, on.length);
  return html`<aside class=${`people ${shown ? 'shown' : ''}`} aria-label="People">
    <div class="side">
      <header class="side-head">
        <div>
          <h2 class="side-title">People</h2>
          <p class="quiet small">${room && room.opening === 'done' ? `${connected ? `${total} ${total === 1 ? 'is' : 'are'} on` : `${total} ${total === 1 ? 'was' : 'were'} on`}` : ' '}</p>
        </div>
        <button class="icon-button drawer-close" aria-label="Close" onClick=${() => go.drawer(null)}><${Icon} name="close" /></button>
      </header>
      <div class="people-list" tabindex="-1" onKeyDown=${moveWithArrows}>
        ${room && room.opening !== 'done' && people.length === 0 && html`<div class="side-skeleton" role="status" aria-label="Loading people">
          ${[55, 70, 40].map((width) => html`<div class="skeleton" style=${{ width: `${width}%` }}></div>`)}</div>`}
        <${Group} word="On" people=${on} count=${total} chat=${chat} go=${go} />
        ${total > on.length && html`<p class="side-note">and ${total - on.length} more</p>`}
        <${Group} word="Off" people=${off} count=${off.length} chat=${chat} go=${go} />
      </div>
    </div>
  </aside>`;
}

function Group({ word, people, count, chat, go }) {
  if (people.length === 0) return null;
  return html`<section aria-label=${word}>
    <h3 class="side-word">${word} <span>${count}</span></h3>
    <ul>${people.map((person) => html`<${Person} key=${person.id} person=${person} me=${chat.me} go=${go} />`)}</ul>
  </section>`;
}

function Person({ person, me, go }) {
  const mine = person.id === me.id;
  const inside = html`<span class=${`lamp-dot ${person.on ? 'on' : ''}`} aria-hidden="true"></span>
    <span class="person-name" dir="auto" title=${person.name}>${person.name}</span>
    <span class="quiet small">${mine ? 'you' : person.guest ? 'guest' : ''}</span>`;
  if (mine) return html`<li><div class="person-row">${inside}</div></li>`;
  return html`<li><button class="person-row" data-item title=${`Write to ${person.name} privately`} onClick=${() => go.person(person.id)}>${inside}</button></li>`;
}

function listOf(room, chat) {
  if (room.private) {
    const { me } = chat;
    const other = { id: room.other?.id, name: room.other?.name || room.other?.id, guest: room.other?.id.startsWith('guest:'), on: chat.rooms.isHere(room.other?.id) };
    return [{ ...me, on: true }, other];
  }
  return [...room.people.values()]
    .map((person) => ({ id: person.userId, name: person.name, guest: person.guest, on: true }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
