import { html, useMemo } from '/static/vendor/preact-htm.js';
import { isGuest } from '../model/names.js';
import { partsOf } from '../model/text.js';
import { dayOf, momentOf, timeOf } from '../model/when.js';

// One row of a conversation. A row whose content stays is not made again.
export function Row({ row, me, chat, room, last, unread, go }) {
  const rest = row.kind === 'unread' ? unread : row.entry ? `${row.entry.state}${row.entry.note}${chat.line.state.kind}` : last;
  return useMemo(() => kinds[row.kind]({ row, me, chat, room, last, unread, go }), [row.message, row.start, row.hole?.to, row.at, rest]);
}

const kinds = { day: Day, unread: Unread, hole: Hole, message: Message, pending: Pending };

function Day({ row }) {
  return html`<div class="line-row day-line"><span>${dayOf(row.at, Date.now())}</span></div>`;
}

function Unread({ row, unread }) {
  return html`<div class="line-row unread-line"><span>${unread} new ${unread === 1 ? 'message' : 'messages'}</span><span>since ${timeOf(row.at)}</span></div>`;
}

function Hole({ row, room, chat }) {
  const { hole, before } = row;
  const count = hole.to - hole.from + 1;
  const messages = count === 1 ? '1 message' : `${count} messages`;
  if (hole.kind === 'expired') {
    return html`<div class="line-row hole-line old"><span>${messages} here ${count === 1 ? 'is' : 'are'} older than this room keeps</span></div>`;
  }
  const load = async () => {
    await room.loadHole(hole).catch(() => {}); // the line with its button stays
    chat.changed();
  };
  const words = hole.kind === 'missing' ? `${messages} did not come` : before ? `Messages before ${timeOf(before)} are not loaded` : 'Newer messages are not loaded';
  return html`<div class="line-row hole-line"><span>${words}</span><button class="link" onClick=${load}>Load ${messages}</button></div>`;
}

function Name({ start, message, mine, go }) {
  if (!start) return html`<div class="name"></div>`;
  if (mine) return html`<div class="name">You</div>`;
  const { senderId, senderName } = message;
  return html`<div class="name">
    <button class="name-button" dir="auto" title=${`${senderName}: write privately`} onClick=${() => go.person(senderId)}>${senderName}</button>
    ${isGuest(senderId) && html`<span class="role">guest</span>`}
  </div>`;
}

function Message({ row, me, last, go }) {
  const { message, start } = row;
  const mine = message.senderId === me.id;
  const parts = partsOf(message.message, me.name);
  const forMe = !mine && parts.some((part) => part.kind === 'mention');
  return html`<div class=${`message ${start ? 'start' : ''} ${forMe ? 'for-me' : ''}`} data-seq=${message.seq}>
    <${Name} start=${start} message=${message} mine=${mine} go=${go} />
    <div class="body"><p class="text" dir="auto">${parts.map((part) => partOf(part, mine))}</p>
      ${mine && last && message.delivered !== undefined && html`<p class="below quiet">${message.delivered ? 'Delivered' : 'Kept until they are back'}</p>`}
    </div>
    <time class="time" datetime=${new Date(message.sentAt).toISOString()} title=${momentOf(message.sentAt)}>${timeOf(message.sentAt)}</time>
  </div>`;
}

function partOf(part, mine) {
  if (part.kind === 'link') return html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow ugc">${part.text}</a>`;
  if (part.kind === 'mention' && !mine) return html`<strong class="mention">${part.text}</strong>`;
  return part.text;
}

function Pending({ row, chat }) {
  const { entry, start } = row;
  const failed = entry.state === 'failed';
  const word = entry.state === 'sending' ? 'Sending' : chat.line.state.kind === 'connected' && !entry.note ? 'Sending' : 'Waiting';
  return html`<div class=${`message pending ${start ? 'start' : ''} ${failed ? 'failed' : ''}`}>
    <${Name} start=${start} mine=${true} />
    <div class="body"><p class="text" dir="auto">${partsOf(entry.text, '').map((part) => partOf(part, true))}</p>
      ${failed && html`<p class="below"><span class="problem">Not sent: ${entry.note}</span>
        <button class="link" onClick=${() => chat.outbox.retry(entry.id)}>Retry</button>
        <button class="link quiet" onClick=${() => chat.outbox.discard(entry.id)}>Discard</button></p>`}
      ${!failed && entry.note && html`<p class="below quiet">${entry.note}</p>`}
    </div>
    ${!failed && html`<span class="time shown">${word}</span>`}
  </div>`;
}
