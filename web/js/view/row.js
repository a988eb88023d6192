import { html, useMemo } from '/static/vendor/preact-htm.js';
import { dayOf, timeOf } from '../model/when.js';
import { Message, Pending } from './message.js';

// One row of a conversation. A row whose content stays is not made again. current: the reader is at it, so it has its tools; sought: they were
// brought to it.
export function Row({ row, me, chat, room, last, unread, current, sought, go }) {
  const rest = changing[row.kind]?.({ row, chat, unread }) ?? last;
  const quoted = row.message?.replyTo ? chat.messages.quoted(room, row.message) : row.entry?.reply && room.log.get(row.entry.reply.messageId);
  const made = { row, me, chat, room, last, unread, current, sought, quoted, go };
  return useMemo(() => kinds[row.kind](made), [row.message, row.start, row.hole?.to, row.at, rest, current, sought, quoted, room.role]);
}

// What is shown of a row and changes while the row stays.
const changing = {
  day: ({ row }) => dayOf(row.at, Date.now()),
  unread: ({ unread }) => unread,
  pending: ({ row, chat }) => `${row.entry.state}${row.entry.note}${chat.line.state.kind}`,
};

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
