import { isDeleted } from './message.js';
import { sameDay } from './when.js';

// A run of one person's messages says name and time once. It ends at the latest where the clock comes to a multiple of five minutes and the
// numbers to a multiple of twenty: marks that stand still while older messages come in above.
const everyMs = 5 * 60_000;
const everyNumbers = 20;

// The rows of a conversation, top to bottom: day, unread, hole and message rows, then what waits to be sent.
export function rowsOf({ messages, holes = [], pending = [], unreadFrom = null, me = '' }) {
  const rows = [];
  const open = [...holes];
  let last = null; // whose run goes on; null: a new one starts
  let day = null; // a time of the day that has its line
  let marked = unreadFrom === null;
  for (const message of messages) {
    while (open.length > 0 && open[0].to < message.seq) {
      rows.push({ kind: 'hole', key: `hole-${open[0].from}`, hole: open.shift(), before: message.sentAt });
      last = null;
    }
    if (day === null || !sameDay(day, message.sentAt)) {
      rows.push({ kind: 'day', key: `day-${message.seq}`, at: message.sentAt });
      day = message.sentAt;
      last = null;
    }
    if (!marked && message.seq >= unreadFrom && message.senderId !== me) {
      rows.push({ kind: 'unread', key: 'unread', at: message.sentAt });
      marked = true;
      last = null;
    }
    rows.push({ kind: 'message', key: message.messageId, message, start: startsRun(last, message) });
    last = message;
  }
  for (const hole of open) rows.push({ kind: 'hole', key: `hole-${hole.from}`, hole, before: null });
  for (const entry of pending) {
    const message = { senderId: me, sentAt: entry.at };
    rows.push({ kind: 'pending', key: entry.id, entry, start: startsRun(open.length > 0 ? null : last, message) });
    last = message;
  }
  return rows;
}

function startsRun(last, message) {
  const apart = (name, step) => Math.floor(message[name] / step) !== Math.floor(last[name] / step);
  return !last || last.senderId !== message.senderId || apart('sentAt', everyMs) || (message.seq !== undefined && apart('seq', everyNumbers));
}

// How many messages of others came after a number.
export function countAfter(messages, seq, me) {
  let count = 0;
  for (let i = messages.length - 1; i >= 0 && messages[i].seq > seq; i--) {
    if (messages[i].senderId !== me && !isDeleted(messages[i])) count++;
  }
  return count;
}
