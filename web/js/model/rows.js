import { sameDay } from './when.js';

// A run of one person's messages says name and time once. It ends where the clock comes to a multiple of five minutes, and after ten lines at
// the next number that is a multiple of ten: marks that stand still while older messages come in above.
const slot = 5 * 60_000;
const fewLines = 10;
const everyNumbers = 10;

// The rows of a conversation, top to bottom: day, unread, hole and message rows, then what waits to be sent.
export function rowsOf({ messages, holes = [], pending = [], unreadFrom = null, me = '' }) {
  const rows = [];
  const open = [...holes];
  let last = null; // whose run goes on; null: a new one starts
  let lines = 0; // of that run
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
    const start = startsRun(last, message, lines);
    rows.push({ kind: 'message', key: message.messageId, message, start });
    lines = (start ? 0 : lines) + linesOf(message.message);
    last = message;
  }
  for (const hole of open) rows.push({ kind: 'hole', key: `hole-${hole.from}`, hole, before: null });
  for (const entry of pending) {
    const message = { senderId: me, sentAt: entry.at };
    rows.push({ kind: 'pending', key: entry.id, entry, start: startsRun(open.length > 0 ? null : last, message, 0) });
    last = message;
  }
  return rows;
}

function startsRun(last, message, lines) {
  if (!last || last.senderId !== message.senderId) return true;
  if (Math.floor(message.sentAt / slot) !== Math.floor(last.sentAt / slot)) return true;
  return lines >= fewLines && Math.floor(message.seq / everyNumbers) !== Math.floor(last.seq / everyNumbers);
}

const linesOf = (text) => text.split('\n').length;

// How many messages of others came after a number.
export function countAfter(messages, seq, me) {
  let count = 0;
  for (let i = messages.length - 1; i >= 0 && messages[i].seq > seq; i--) {
    if (messages[i].senderId !== me) count++;
  }
  return count;
}
