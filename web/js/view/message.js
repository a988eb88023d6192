import { html } from '/static/vendor/preact-htm.js';
import { isDeleted } from '../model/message.js';
import { calledOf, isGuest } from '../model/names.js';
import { partsOf } from '../model/text.js';
import { momentOf, timeOf } from '../model/when.js';
import { PendingQuote, Quote } from './quote.js';
import { Reactions } from './reactions.js';
import { Tools } from './tools.js';

export function Message({ row, me, chat, room, last, current, sought, quoted, go }) {
  const { message, start } = row;
  const mine = message.senderId === me.id;
  const deleted = isDeleted(message);
  const parts = partsOf(message.message, me.name);
  const forMe = !mine && parts.some((part) => part.kind === 'mention');
  const classes = `message ${start ? 'start' : ''} ${forMe ? 'for-me' : ''} ${sought ? 'sought' : ''} ${current ? 'current' : ''}`;
  return html`<div class=${classes} data-seq=${message.seq} data-id=${message.messageId} tabindex="-1" role="article"
      aria-label=${`${mine ? 'You' : calledOf(message.senderId, message.senderName)}, ${timeOf(message.sentAt)}`}>
    <${Name} start=${start} message=${message} mine=${mine} go=${go} />
    <div class="body">
      ${message.replyTo && !deleted && html`<${Quote} chat=${chat} room=${room} message=${message} quoted=${quoted} />`}
      ${deleted ? html`<p class="text deleted" dir="auto">${whoDeleted(message, mine, chat)}</p>`
        : html`<p class="text" dir="auto">${parts.map((part) => partOf(part, mine))}</p>${edited(message)}`}
      ${!deleted && message.reactions?.length > 0 && html`<${Reactions} chat=${chat} room=${room} message=${message} />`}
      ${mine && last && message.delivered !== undefined && html`<p class="below quiet">${message.delivered ? 'Delivered' : 'Kept until they are back'}</p>`}
    </div>
    <time class="time" datetime=${new Date(message.sentAt).toISOString()} title=${momentOf(message.sentAt)}>${timeOf(message.sentAt)}</time>
    ${current && !deleted && html`<${Tools} chat=${chat} room=${room} message=${message} go=${go} />`}
  </div>`;
}

function edited(message) {
  if (message.editedAt === undefined) return null;
  return html`<time class="edited" datetime=${new Date(message.editedAt).toISOString()} title=${`Edited ${momentOf(message.editedAt)}`}>edited ${timeOf(message.editedAt)}</time>`;
}

function whoDeleted({ deletedBy, deletedFor, senderId }, mine, { me, rooms }) {
  if (deletedBy === me.id) return 'You deleted this message.';
  if (deletedBy === senderId) return 'Message deleted.';
  if (!mine) return 'Message deleted by a moderator.';
  return `${rooms.nameOf(deletedBy) || 'A moderator'} deleted your message${deletedFor ? `: ${deletedFor}` : '.'}`;
}

export function Pending({ row, chat, quoted }) {
  const { entry, start } = row;
  const failed = entry.state === 'failed';
  const word = entry.state === 'sending' ? 'Sending' : chat.line.state.kind === 'connected' && !entry.note ? 'Sending' : 'Waiting';
  return html`<div class=${`message pending ${start ? 'start' : ''} ${failed ? 'failed' : ''}`}>
    <${Name} start=${start} mine=${true} />
    <div class="body">
      ${entry.reply && html`<${PendingQuote} reply=${entry.reply} quoted=${quoted} />`}
      <p class="text" dir="auto">${partsOf(entry.text, '').map((part) => partOf(part, true))}</p>
      ${failed && html`<p class="below"><span class="problem">Not sent: ${entry.note}</span>
        <button class="link" onClick=${() => chat.outbox.retry(entry.id)}>Retry</button>
        <button class="link quiet" onClick=${() => chat.outbox.discard(entry.id)}>Discard</button></p>`}
      ${!failed && entry.note && html`<p class="below quiet">${entry.note}</p>`}
    </div>
    ${!failed && html`<span class="time shown">${word}</span>`}
  </div>`;
}

function Name({ start, message, mine, go }) {
  if (!start) return html`<div class="name"></div>`;
  if (mine) return html`<div class="name">You</div>`;
  const { senderId, senderName } = message;
  return html`<div class="name">
    <button class="name-button" dir="auto" title=${`${calledOf(senderId, senderName)}: write privately`} onClick=${() => go.person(senderId)}>${senderName}</button>
    ${isGuest(senderId) && html`<span class="role">guest</span>`}
  </div>`;
}

function partOf(part, mine) {
  if (part.kind === 'link') return html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow ugc">${part.text}</a>`;
  if (part.kind === 'mention' && !mine) return html`<strong class="mention">${part.text}</strong>`;
  return part.text;
}
