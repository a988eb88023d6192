import { html, useEffect, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { charactersLeft, number, tooLong } from '../model/limits.js';
import { mostWaiting } from '../line/outbox.js';
import { Icon } from './icon.js';

const tallest = 200; // pixels, then it scrolls
const savePause = 300;

// Where one writes. What limits the writer stands above it in words before anything is sent.
export function Composer({ chat, room, status, blocked, missed, onEnd, onSignIn }) {
  const field = useRef(null);
  const [text, setText] = useDraft(chat, room);
  useLayoutEffect(() => {
    const { style, scrollHeight } = fitted(field.current);
    style.height = `${Math.min(scrollHeight, tallest)}px`;
  }, [text]);
  useLayoutEffect(() => {
    const busy = document.activeElement?.matches('input, dialog *'); // in another field, from which nothing is taken
    if (room && !busy && matchMedia('(pointer: fine)').matches) field.current.focus();
  }, [room]);

  const problem = tooLong(text, chat.limits) || (chat.outbox?.full ? `${mostWaiting} messages wait already` : '');
  const can = Boolean(room) && !blocked && text.trim() !== '' && problem === '';
  const send = () => {
    if (!can) return;
    chat.send(text.trim());
    setText('');
    onEnd();
    field.current.focus();
  };
  const keys = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') onEnd();
  };
  const left = charactersLeft(text, chat.limits);
  const later = chat.line.state.kind === 'offline';
  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); send(); }}>
    <div class="composer-note small">
      <span><span class=${problem ? 'problem' : ''} aria-live="polite">${problem || status.hint}</span>${' '}
        ${status.signIn && html`<button type="button" class="link" onClick=${onSignIn}>Sign in again</button>`}</span>
      <span>${missed.count > 0 || missed.away
        ? html`<button type="button" class="link" onClick=${onEnd}><${Icon} name="down" />${below(missed)}</button>`
        : left !== null && left >= 0 && html`<span class="quiet">${number(left)} characters left</span>`}</span>
    </div>
    <span class="composer-you" aria-hidden="true">You</span>
    <div class="composer-box">
      <textarea ref=${field} rows="1" dir="auto" aria-label=${room ? `Write to ${room.title}` : 'Write'} placeholder=${room ? `Write to ${room.title}` : ''}
        value=${text} disabled=${blocked} aria-invalid=${problem !== ''} onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
      <button class="button filled" disabled=${!can}><span class="send-word">${later ? 'Send later' : 'Send'}</span><${Icon} name="send" /></button>
    </div>
  </form>`;
}

function below({ count }) {
  if (count === 0) return 'To the newest';
  return `${count} new ${count === 1 ? 'message' : 'messages'}`;
}

function fitted(field) {
  field.style.height = 'auto';
  return field;
}

// The text of a room that was not sent, kept over a reload.
function useDraft(chat, room) {
  const key = room && `draft:${room.id}`;
  const [draft, setDraft] = useState({ key: null, text: '' });
  const saving = useRef(null);
  const text = draft.key === key ? draft.text : ((key && chat.store.get(key)) ?? '');
  const keep = (written) => {
    setDraft({ key, text: written });
    clearTimeout(saving.current?.timer);
    const save = () => {
      if (written === '') chat.store.remove(key);
      else chat.store.set(key, written);
      saving.current = null;
    };
    saving.current = { save, timer: setTimeout(save, savePause) };
  };
  useEffect(() => {
    const saveNow = () => {
      clearTimeout(saving.current?.timer);
      saving.current?.save();
    };
    addEventListener('pagehide', saveNow);
    return () => {
      removeEventListener('pagehide', saveNow);
      saveNow();
    };
  }, [key]);
  return [text, keep];
}
