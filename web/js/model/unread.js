import { isDeleted } from './message.js';
import { mentions } from './text.js';

// What a room has that its reader has not seen. Of numbers that are not loaded each counts as one message, but where the server has counted
// them: {readSeq, head, unread}.
export function unreadOf(log, readSeq, me, counted = null) {
  if (readSeq === null || !me) return { count: 0, mentions: 0 };
  if (!log.loaded && counted?.readSeq === readSeq) return { count: counted.unread + Math.max(0, log.head - counted.head), mentions: 0 };
  let count = 0;
  let mentioned = 0;
  for (let i = log.messages.length - 1; i >= 0 && log.messages[i].seq > readSeq; i--) {
    const message = log.messages[i];
    if (message.senderId === me.id || isDeleted(message)) continue;
    count++;
    if (message.targetUserId || mentions(message.message, me.name)) mentioned++;
  }
  const unknown = log.loaded ? log.gaps() : [{ from: readSeq + 1, to: log.head }];
  for (const gap of unknown) count += Math.max(0, gap.to - Math.max(gap.from, readSeq + 1) + 1);
  if (log.loaded) count += Math.max(0, log.first - 1 - readSeq) + Math.max(0, log.head - Math.max(log.last, readSeq));
  return { count, mentions: mentioned };
}
