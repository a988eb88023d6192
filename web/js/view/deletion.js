import { html, useState } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';
import { Dialog } from './dialog.js';
import { Line } from './fields.js';
import { textOf } from './quote.js';

const longest = 200; // characters of a reason

// Asks before a message is deleted, which cannot be undone, and, of somebody else's, why.
export function DeleteMessage({ chat, message, onClose }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const room = chat.rooms.at(message.roomId);
  const mine = message.senderId === chat.me.id;
  const name = calledOf(message.senderId, message.senderName);
  const remove = async (event) => {
    event.preventDefault();
    if (!mine && reason.trim() === '') {
      setProblem('Say why: they read it.');
      return;
    }
    setBusy(true);
    try {
      await chat.messages.remove(room, message, mine ? undefined : reason.trim());
      onClose();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${mine ? 'Delete your message?' : `Delete this message of ${name}?`} onClose=${onClose}>
    <p class="quote" dir="auto">${textOf(room, message)}</p>
    <form class="room-form" onSubmit=${remove}>
      <p class="quiet small">Nobody can read it any more, here or in a search. It cannot be brought back.</p>
      ${!mine && html`<${Line} id="delete-reason" label=${`Reason, which ${name} reads`} value=${reason} most=${longest} onValue=${setReason} problem=${problem} autofocus />`}
      <p class="note small problem" role="alert">${problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button filled danger" disabled=${busy}>${problem && mine ? 'Try again' : 'Delete message'}</button>
      </div>
    </form>
  </${Dialog}>`;
}
