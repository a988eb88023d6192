import { html, useState } from '/static/vendor/preact-htm.js';
import { roomIdOf } from '../model/names.js';
import { Dialog } from './dialog.js';
import { shortcuts } from './keys.js';

export function CreateRoom({ chat, go, onClose }) {
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const { id, problem } = roomIdOf(name);
  const exists = id && chat.rooms.all.some((room) => room.id === id);
  const create = (event) => {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    onClose();
    go.room(id);
  };
  return html`<${Dialog} title="New room" onClose=${onClose}>
    <p class="quiet small">Everyone can find it, read it and write in it.</p>
    <form onSubmit=${create}>
      <label for="room-name">Name</label>
      <input id="room-name" class="field" value=${name} maxlength="64" autocomplete="off" autofocus
        aria-invalid=${tried && Boolean(problem)} aria-describedby="room-note" onInput=${(e) => setName(e.target.value)} />
      <p id="room-note" class=${`note small ${tried && problem ? 'problem' : 'quiet'}`} aria-live="polite">
        ${tried && problem ? `${problem}.` : exists ? 'There is a room of this name already.' : ' '}
      </p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button filled">${exists ? 'Go there' : 'Create room'}</button>
      </div>
    </form>
  </${Dialog}>`;
}

export function Keys({ onClose }) {
  return html`<${Dialog} title="Keyboard" onClose=${onClose}>
    <dl class="shortcuts">
      ${shortcuts.map(([keys, what]) => html`<div><dt>${what}</dt><dd><kbd>${keys}</kbd></dd></div>`)}
    </dl>
    <div class="dialog-actions"><button class="button" onClick=${onClose}>Close</button></div>
  </${Dialog}>`;
}

export function SignOut({ chat, onLeave, onClose }) {
  const unsent = chat.outbox ? chat.outbox.rooms.flatMap((id) => chat.outbox.of(id)).length : 0;
  const lost = [
    unsent > 0 && `${unsent === 1 ? '1 message that was' : `${unsent} messages that were`} not sent`,
    'drafts',
    chat.me?.guest && 'this guest, who cannot come back',
  ].filter(Boolean);
  return html`<${Dialog} title="Sign out?" onClose=${onClose}>
    <p class="quiet small">This window forgets ${new Intl.ListFormat('en').format(lost)}. What was sent stays.</p>
    <div class="dialog-actions">
      <button class="button" onClick=${onClose}>Cancel</button>
      <button class="button filled danger" onClick=${() => onLeave(false)}>Sign out</button>
    </div>
  </${Dialog}>`;
}
