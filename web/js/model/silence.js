import { keepsOrder } from './rights.js';
import { endOf } from './measures.js';

// Why the reader cannot write in a room, as a sentence, or ''. mute is {until, reason} or null.
export function silenceOf(room, me, mute, now) {
  if (mute) return `You are muted here${endOf(mute.until, now)}: ${mute.reason}`;
  if (!room.private && room.policy.locked && !keepsOrder(room, me)) return 'This room is locked: only its moderators write.';
  return '';
}
