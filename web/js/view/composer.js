import { html, useLayoutEffect, useRef } from '/static/vendor/preact-htm.js';
import { charactersLeft, number, tooLong } from '../model/limits.js';
import { mayEdit } from '../model/message.js';
import { calledOf } from '../model/names.js';
import { spanOf } from '../model/pace.js';
import { silenceOf } from '../model/silence.js';
import { secondsUntil } from '../model/when.js';
import { mostWaiting } from '../line/outbox.js';
import { wordsOfTyping } from '../line/typing.js';
import { useComposing } from './composing.js';
import { useNow } from './hooks.js';
import { Icon } from './icon.js';
import { Words } from './quote.js';

const tallest = 200; // pixels, then it scrolls

// Where one writes: something new, an answer, or another text of a message. What limits the writer stands above it in words before anything
// is sent.
export function Composer({ chat, room, status, blocked, missed, onEnd, onSignIn }) {
  const field = useRef(null);
  const { text, setText, composing, edit, reply, stop, finish } = useComposing(chat, room);
  useLayoutEffect(() => {
    const { style, scrollHeight } = fitted(field.current);
    style.height = `${Math.min(scrollHeight, tallest)}px`;
  }, [text]);
  useLayoutEffect(() => {
    const busy = document.activeElement?.matches('input, dialog *'); // in another field, from which nothing is taken
    if (room && !busy && matchMedia('(pointer: fine)').matches) field.current.focus();
  }, [room]);
  useLayoutEffect(() => {
    if (composing) field.current.focus();
  }, [composing]);

  const tooMuch = tooLong(text, chat.limits) || (chat.outbox?.full ? `${mostWaiting} messages wait already` : '');
  const silence = room && chat.me && !room.shut ? silenceOf(room, chat.me, chat.membership.muteOf(room), Date.now()) : '';
  const problem = tooMuch || room?.trouble || silence;
  const later = chat.line.state.kind === 'offline';
  const can = Boolean(room) && !blocked && text.trim() !== '' && tooMuch === '' && silence === '' && !(edit && chat.line.state.kind !== 'connected');
  const send = () => {
    if (!can) return;
    finish(text.trim());
    if (!edit) onEnd();
    field.current.focus();
  };
  const keys = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') (edit || reply ? stop : onEnd)();
    else if (event.key === 'ArrowUp' && text === '' && room && !reply) editLast(chat, room, event);
  };
  const left = charactersLeft(text, chat.limits);
  const pace = usePace(chat, room);
  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); send(); }}>
    <div class="composer-note small">
      <span class="note-left"><span class=${problem ? 'problem' : ''} aria-live="polite">${problem || status.hint}</span>${' '}
        ${!problem && !status.hint && room && !room.shut && html`<span class="writing" dir="auto">${wordsOfTyping(chat.live.typing.in(room.id))}</span>`}
        ${status.signIn && html`<button type="button" class="link" onClick=${onSignIn}>Sign in again</button>`}</span>
      <span>${missed.count > 0 || missed.away
        ? html`<button type="button" class="link" onClick=${onEnd}><${Icon} name="down" />${below(missed)}</button>`
        : left !== null && left >= 0 ? html`<span class="quiet">${number(left)} characters left</span>` : pace.words}</span>
    </div>
    ${(edit || reply) && html`<${Concerned} edit=${edit} reply=${reply} me=${chat.me} stop=${stop} />`}
    <span class="composer-you" aria-hidden="true">You</span>
    <div class="composer-box">
      ${pace.seconds > 0 && html`<span class="drain" aria-hidden="true" style=${{ transform: `scaleX(${pace.left})` }}></span>`}
      <textarea ref=${field} rows="1" dir="auto" aria-label=${labelOf(room, edit, reply)} placeholder=${room ? `Write to ${room.title}` : ''}
        value=${text} disabled=${blocked} aria-invalid=${tooMuch !== ''} onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
      <button class="button filled" disabled=${!can}><span class="send-word">${edit ? 'Save' : later ? 'Send later' : pace.seconds > 0 ? `Send in ${spanOf(pace.seconds)}` : 'Send'}</span><${Icon} name="send" /></button>
    </div>
  </form>`;
}

// What limits how fast one may write here: words, and the seconds until the next message goes.
function usePace(chat, room) {
  const waits = Boolean(room && chat.pace?.wait(room.id, Date.now()) > 0);
  const now = useNow(waits);
  if (!room || !chat.pace) return { words: '', seconds: 0 };
  return { words: chat.pace.words(room.id, now), seconds: secondsUntil(chat.pace.wait(room.id, now), 0), left: chat.pace.left(room.id, now) };
}

function labelOf(room, edit, reply) {
  if (edit) return 'Edit your message';
  if (reply) return `Reply to ${calledOf(reply.senderId, reply.senderName)}`;
  return room ? `Write to ${room.title}` : 'Write';
}

// The message that one changes or answers.
function Concerned({ edit, reply, me, stop }) {
  return html`<p class="concerned small"><span class="quiet">${edit ? 'Editing' : 'Reply to'}</span> <span class="concerned-text"><${Words} message=${edit ?? reply} me=${me} /></span>
    <button type="button" class="icon-button" aria-label=${edit ? 'Stop editing' : 'Do not reply'} title="Esc" onClick=${stop}><${Icon} name="close" /></button></p>`;
}

function editLast(chat, room, event) {
  const may = { me: chat.me, seconds: room.editSeconds ?? chat.limits.editSeconds, now: Date.now() };
  const last = room.log.messages.findLast((message) => mayEdit(message, may));
  if (!last) return;
  event.preventDefault();
  room.composing = { edit: last };
  chat.changed();
}

function below({ count }) {
  if (count === 0) return 'To the newest';
  return `${count} new ${count === 1 ? 'message' : 'messages'}`;
}

function fitted(field) {
  field.style.height = 'auto';
  return field;
}
