import { html } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';
import { peopleOf } from '../model/people.js';
import { lampOf, wordOf } from '../model/status.js';
import { moveWithArrows } from './hooks.js';
import { Icon } from './icon.js';
import { PersonMenu } from './personmenu.js';

// The right column: who is here. A press on somebody opens the conversation of two.
export function People({ chat, go, shown }) {
  const room = chat.current;
  const people = room ? peopleOf(room, chat.me, (id) => chat.live.statusOf(id)) : [];
  const on = people.filter((person) => person.here);
  const connected = chat.line.state.kind === 'connected' || chat.line.state.quiet;
  const total = room?.private || room?.shut ? on.length : Math.max(room?.activeUsers ?? 0, on.length);
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
        ${room && !room.shut && room.opening !== 'done' && people.length === 0 && html`<div class="side-skeleton" role="status" aria-label="Loading people">
          ${[55, 70, 40].map((width) => html`<div class="skeleton" style=${{ width: `${width}%` }}></div>`)}</div>`}
        ${['online', 'busy', 'away', 'offline'].map((status) => html`<${Group} key=${status} status=${status} people=${people.filter((person) => person.status === status)} chat=${chat} go=${go} />`)}
        ${total > on.length && html`<p class="side-note">and ${total - on.length} more are on</p>`}
        ${room && html`<${More} chat=${chat} room=${room} />`}
      </div>
    </div>
  </aside>`;
}

function More({ chat, room }) {
  const { state, more } = room.belong;
  if (state instanceof Error) return html`<p class="side-note">Who else belongs here did not come. <button class="link" onClick=${() => chat.live.loadMembers(room, more)}>Try again</button></p>`;
  if (!more) return null;
  return html`<p class="side-note"><button class="link" disabled=${state === 'loading'} onClick=${() => chat.live.loadMembers(room, true)}>More people</button></p>`;
}

function Group({ status, people, chat, go }) {
  if (people.length === 0) return null;
  const word = wordOf[status];
  return html`<section aria-label=${word}>
    <h3 class="side-word">${word} <span>${people.length}</span></h3>
    <ul>${people.map((person) => html`<${Person} key=${person.id} person=${person} chat=${chat} go=${go} />`)}</ul>
  </section>`;
}

function Person({ person, chat, go }) {
  const mine = person.id === chat.me.id;
  const inside = html`<span class=${`lamp-dot ${lampOf[person.status]}`} aria-hidden="true"></span>
    <span class="person-name" dir="auto" title=${person.name}>${person.name}</span>
    <span class="quiet small">${mine ? 'you' : roles[person.role] ?? (person.guest ? 'guest' : '')}</span>`;
  if (mine) return html`<li><div class="person-row">${inside}</div></li>`;
  return html`<li class="person-place"><button class="person-row" data-item title=${`Write to ${person.name} privately`} onClick=${() => go.person(person.id)}>${inside}</button>
    <${PersonMenu} chat=${chat} room=${chat.current} person=${{ ...person, name: calledOf(person.id, person.name) }} go=${go} /></li>`;
}

const roles = { owner: 'owner', moderator: 'moderator' };
