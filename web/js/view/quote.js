import { html, useEffect } from '/static/vendor/preact-htm.js';
import { isDeleted } from '../model/message.js';
import { calledOf } from '../model/names.js';

const deleted = 'A message that was deleted';

// The text of a message as it is now.
export function textOf(room, message) {
  const latest = room.log.latest(message);
  return isDeleted(latest) ? deleted : latest.message;
}

// What a message answers, in one line that leads there.
export function Quote({ chat, room, message, quoted }) {
  useEffect(() => chat.messages.quote(room, message), [message.replyTo]);
  const known = typeof quoted === 'object';
  const gone = quoted === 'gone' || (known && isDeleted(quoted));
  if (gone) return html`<p class="quote">${deleted}</p>`;
  return html`<button class="quote" title="To this message" onClick=${() => chat.messages.goTo(room, message.replyToSeq)}>
    ${known ? html`<${Words} message=${quoted} me=${chat.me} />` : quoted === 'away' ? 'An earlier message' : 'Loading'}
  </button>`;
}

// quoted: the message that is answered, where it is held.
export function PendingQuote({ reply, quoted }) {
  return html`<p class="quote"><${Words} message=${quoted ?? reply} me=${{}} /></p>`;
}

export function Words({ message, me }) {
  if (isDeleted(message)) return deleted;
  return html`<b dir="auto">${message.senderId === me.id ? 'You' : calledOf(message.senderId, message.senderName)}</b> <span dir="auto">${message.message}</span>`;
}
