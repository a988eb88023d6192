import { html, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { excerptOf, foundIn, wordsOf } from '../model/find.js';
import { calledOf } from '../model/names.js';
import { dayOf, momentOf, timeOf } from '../model/when.js';
import { moveWithArrows } from './hooks.js';
import { Icon } from './icon.js';

// In place of the right column: what was said in the open room.
export function Search({ chat, go }) {
  const room = chat.current;
  const search = chat.messages.searchOf(room);
  const field = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    field.current.focus();
    return () => requestAnimationFrame(() => document.activeElement === document.body && before?.focus());
  }, []);
  const show = (message) => {
    if (matchMedia('(max-width: 1023px)').matches) go.drawer(null);
    chat.messages.goTo(room, message.seq);
  };
  return html`<aside class="people search shown" aria-label="Search">
    <div class="side">
      <header class="side-head">
        <div><h2 class="side-title">Search</h2><p class="quiet small search-room" dir="auto">in ${room.title}</p></div>
        <button class="icon-button search-close" aria-label="Close the search" title="Esc" onClick=${() => go.drawer(null)}><${Icon} name="close" /></button>
      </header>
      <${Question} room=${room} chat=${chat} search=${search} field=${field} />
      <div class="people-list" tabindex="-1" onKeyDown=${moveWithArrows}>
        <ol class="found">${search.found.map((message) => html`<${Found} key=${message.messageId} message=${message} search=${search} me=${chat.me} show=${show} />`)}</ol>
        <${Reached} search=${search} />
      </div>
    </div>
  </aside>`;
}

function Question({ room, chat, search, field }) {
  const [wanted, setWanted] = useState(search.wanted);
  const able = wordsOf(wanted.query).length > 0 || wanted.senderId !== '';
  const ask = (next) => {
    setWanted(next);
    if (wordsOf(next.query).length > 0 || next.senderId !== '') search.start(next);
  };
  const submit = (event) => {
    event.preventDefault();
    if (able) search.start(wanted);
  };
  return html`<search><form class="question" onSubmit=${submit}>
    <div class="find"><${Icon} name="find" />
      <input class="field" type="search" ref=${field} aria-label="Words to search for" placeholder="Words" maxlength="256" value=${wanted.query}
        onInput=${(e) => setWanted({ ...wanted, query: e.target.value })} /></div>
    <label>From <select class="field" value=${wanted.senderId} onChange=${(e) => ask({ ...wanted, senderId: e.target.value })}>
      <option value="">anyone</option>
      ${sendersOf(room, chat.me).map(([id, name]) => html`<option key=${id} value=${id} selected=${id === wanted.senderId}>${name}</option>`)}
    </select></label>
    <label>Before <input class="field" type="date" value=${wanted.day} onChange=${(e) => ask({ ...wanted, day: e.target.value })} /></label>
    <button class="button filled" disabled=${!able || search.state === 'loading'}>${search.state === 'loading' ? 'Searching' : 'Search'}</button>
  </form></search>`;
}

// Whoever is here or has written lately.
function sendersOf(room, me) {
  const names = new Map([[me.id, 'you']]);
  for (const person of room.people.values()) if (person.userId !== me.id) names.set(person.userId, calledOf(person.userId, person.name));
  for (const message of room.log.messages) if (!names.has(message.senderId)) names.set(message.senderId, calledOf(message.senderId, message.senderName));
  return [...names].slice(0, 200);
}

function Found({ message, search, me, show }) {
  const parts = excerptOf(foundIn(message.message, search.wanted.query));
  return html`<li><button class="found-row" data-item title=${`To this message, ${momentOf(message.sentAt)}`} onClick=${() => show(message)}>
    <span class="found-head"><b dir="auto">${message.senderId === me.id ? 'You' : calledOf(message.senderId, message.senderName)}</b>
      <time datetime=${new Date(message.sentAt).toISOString()}>${whenOf(message.sentAt)}</time></span>
    <span class="found-text" dir="auto">${parts.map((part) => (part.found ? html`<mark>${part.text}</mark>` : part.text))}</span>
  </button></li>`;
}

const whenOf = (ms) => `${dayOf(ms, Date.now()).replace(/, .*$/u, '')}, ${timeOf(ms)}`;

// How far the search came, and what one can do.
function Reached({ search }) {
  const { state, found, more, since } = search;
  const back = since === null ? '' : ` back to ${whenOf(since)}`;
  let words = '';
  if (state === 'loading') words = `Searching${back}`;
  else if (state instanceof Error) words = state.message;
  else if (state === 'done' && more) words = `${found.length === 0 ? 'Nothing found' : 'Searched'}${back}.`;
  else if (state === 'done') words = found.length === 0 ? 'Nothing found in this room.' : 'That is all of this room.';
  else words = 'Words are found at their beginning, whatever their case and accents.';
  return html`<p class="side-note" role="status">${words} ${state instanceof Error
    ? html`<button class="link" onClick=${() => search.further()}>Try again</button>`
    : more && state === 'done' && html`<button class="link" onClick=${() => search.further()}>Search older messages</button>`}</p>`;
}
