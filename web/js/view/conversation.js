import { html, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { secondsUntil, timeOf } from '../model/when.js';
import { Composer } from './composer.js';
import { Icon } from './icon.js';
import { Loading, Notice } from './notice.js';
import { Out, RoomMenu } from './roommenu.js';
import { Status } from './status.js';
import { Transcript } from './transcript.js';

const none = { count: 0, away: false }; // of messages below the reader

// The middle column: the open room, or why there is none.
export function Conversation({ chat, status, now, go }) {
  const room = chat.current;
  const scroll = useRef({ toEnd: () => {} });
  const [missed, setMissed] = useState(none);
  useLayoutEffect(() => setMissed(none), [room]); // before the transcript counts
  const needsYou = chat.rooms?.conversations.concat(chat.rooms.followed).some((r) => r !== room && r.unread(chat.me).mentions > 0);
  const body = standing(chat, now, go) ?? opening(chat, room, go);
  return html`<main class="conversation">
    <header class="conversation-head">
      <button class="icon-button rooms-button" aria-label=${needsYou ? 'Rooms: something is for you' : 'Rooms'} onClick=${() => go.drawer('rooms')}>
        <${Icon} name="rooms" />${needsYou && html`<span class="lamp-dot needs" aria-hidden="true"></span>`}
      </button>
      <div class="head-words">
        <h1><span class="conversation-title" dir="auto">${room?.title ?? 'Switchboard'}</span></h1>
        <p class="topic" dir="auto">${room ? aboutOf(room, chat) : ''}</p>
        <${Status} chat=${chat} status=${status} />
      </div>
      <button class="icon-button people-button" aria-label="People" title="People" onClick=${() => go.drawer('people')}><${Icon} name="people" /></button>
      ${chat.heardAt && status.cord !== 'solid' ? html`<span class="as-of">as of ${timeOf(chat.heardAt)}</span>` : ''}
      ${room && !room.shut && html`<button class="icon-button" aria-label="Search messages" title="Search messages (Ctrl Shift F)" onClick=${() => go.drawer('search')}><${Icon} name="find" /></button>`}
      ${room && html`<${RoomMenu} chat=${chat} room=${room} go=${go} />`}
    </header>
    ${chat.newGuest && html`<${NewGuest} chat=${chat} />`}
    ${chat.membership.news.map((sentence) => html`<${News} key=${sentence} chat=${chat} sentence=${sentence} />`)}
    ${body ?? html`<${Transcript} key=${room.id} chat=${chat} room=${room} handle=${scroll} onMissed=${(now) => setMissed((was) => (was.count === now.count && was.away === now.away ? was : now))} go=${go} />`}
    <${Composer} chat=${chat} room=${room} status=${status} blocked=${body !== null && !(room && room.opening === 'loading')}
      missed=${missed} onEnd=${() => scroll.current.toEnd()} onSignIn=${() => go.leave(true)} />
  </main>`;
}

function NewGuest({ chat }) {
  return html`<p class="strip" role="status"><span>You are now another guest, ${chat.me.name}: your earlier one has ended. What it wrote stays; its private conversations cannot be opened any more.</span>
    <button class="icon-button" aria-label="Close" onClick=${() => chat.noticed()}><${Icon} name="close" /></button></p>`;
}

function News({ chat, sentence }) {
  return html`<p class="strip" role="status"><span dir="auto">${sentence}</span>
    <button class="icon-button" aria-label="Close" onClick=${() => chat.membership.noticed(sentence)}><${Icon} name="close" /></button></p>`;
}

function aboutOf(room, chat) {
  if (!room.private) return room.topic;
  return chat.live.statusOf(room.other?.id) !== 'offline' ? 'Between the two of you' : 'Between the two of you. What you write is kept until they are back.';
}

// What stands in place of a conversation when the server has sent this person away.
function standing(chat, now, go) {
  const { state } = chat.line;
  if (state.kind === 'refused') {
    return html`<${Notice} title="You are signed out." text=${`${state.reason} What you wrote here and was not sent is kept.`}>
      <button class="button filled" onClick=${() => go.leave(true)}>Sign in again</button>
    </${Notice}>`;
  }
  if (state.kind === 'out') {
    const left = state.until === null ? 0 : secondsUntil(state.until, now);
    return html`<${Notice} title=${sentAway[state.code] ?? 'The server has ended this connection.'} text=${state.reason ? `Reason: ${state.reason}` : ''}>
      ${state.code !== 'banned' && html`<button class=${`button ${left > 0 ? '' : 'filled'}`} disabled=${left > 0} onClick=${() => chat.line.connect()}>
        ${left > 0 ? `Come back in ${left} s` : 'Come back'}</button>`}
      <button class="button" onClick=${() => go.leave(true)}>Sign in as someone else</button>
    </${Notice}>`;
  }
  return null;
}

const sentAway = {
  kicked: 'You were removed.',
  banned: 'You are banned.',
  replaced: 'You are connected from another place.',
};

function opening(chat, room, go) {
  if (room?.putOutFor) return html`<${Out} chat=${chat} room=${room} go=${go} />`;
  if (room?.shut) {
    return html`<${Notice} title="This room cannot be opened." text=${room.opening.message}>
      <button class="button" onClick=${() => chat.open(room.id)}>Try again</button>
    </${Notice}>`;
  }
  if (!room || (room.opening !== 'done' && !room.log.loaded)) return html`<${Loading} />`;
  return null;
}
