import { html, useState } from '/static/vendor/preact-htm.js';
import { owns } from '../model/rights.js';
import { Dialog } from './dialog.js';

// Asks before something about who belongs to a room is done, and says what came of it. act rejects with a RequestError.
export function Ask({ title, text, verb, act, onClose }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await act();
      onClose();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p class="quiet small">${text}</p>
    <p class="note small problem" role="alert">${problem}</p>
    <div class="dialog-actions">
      <button class="button" onClick=${onClose}>${verb ? 'Cancel' : 'Close'}</button>
      ${verb && html`<button class="button filled danger" disabled=${busy} onClick=${go}>${verb}</button>`}
    </div>
  </${Dialog}>`;
}

// Leaving a room that one does not find again by oneself.
export function Part({ chat, room, go, onClose }) {
  const part = async () => {
    await chat.membership.setRole(room, chat.me.id, 'none');
    const [next] = chat.rooms.followed.filter((other) => other !== room);
    if (next) go.room(next.id);
  };
  if (owns(room)) return html`<${Ask} title=${`Leave ${room.title}?`} text="You own this room. Make somebody else its owner first." onClose=${onClose} />`;
  return html`<${Ask} title=${`Leave ${room.title}?`} text="You come back only if somebody invites you again." verb="Leave room" act=${part} onClose=${onClose} />`;
}

export function HandOver({ chat, room, person, onClose }) {
  return html`<${Ask} title=${`Make ${person.name} the owner of ${room.title}?`} text=${owns(room) ? 'A room has one owner: you will be a moderator, and only they can give it back.' : 'A room has one owner: whoever was it will be a moderator.'}
    verb="Hand the room over" act=${() => chat.membership.setRole(room, person.id, 'owner')} onClose=${onClose} />`;
}

export function Remove({ chat, room, person, onClose }) {
  return html`<${Ask} title=${`Remove ${person.name} from ${room.title}?`} text=${room.policy.visibility === 'private' ? 'They are put out and find the room no more, until somebody invites them again.' : 'They are no member any more. The room stays open to them.'}
    verb="Remove" act=${() => chat.membership.setRole(room, person.id, 'none')} onClose=${onClose} />`;
}
