import { html, useState } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';
import { Dialog } from './dialog.js';

// Asks before a message is deleted, which cannot be undone.
export function DeleteMessage({ chat, message, onClose }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const room = chat.rooms.at(message.roomId);
  const mine = message.senderId === chat.me.id;
  const remove = async () => {
    setBusy(true);
    try {
      await chat.messages.remove(room, message);
      onClose();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${mine ? 'Delete your message?' : `Delete this message of ${calledOf(message.senderId, message.senderName)}?`} onClose=${onClose}>
    <p class="quote" dir="auto">${message.message}</p>
    <p class="quiet small">Nobody can read it any more, here or in a search. It cannot be brought back.</p>
    <p class="note small problem" role="alert">${problem}</p>
    <div class="dialog-actions">
      <button class="button" onClick=${onClose}>Cancel</button>
      <button class="button filled danger" disabled=${busy} onClick=${remove}>${problem ? 'Try again' : 'Delete message'}</button>
    </div>
  </${Dialog}>`;
}
