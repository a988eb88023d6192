// What became of messages: the same message comes in several copies, of which the one with the greater rev is the newer.
const kept = ['clientMessageId', 'delivered', 'deletedFor']; // what only some copies say

// The newer of two copies, with what only the other one says; known itself when nothing is new. Answers say which reactions are the reader's own;
// what all are told does not, so there the known marks stay.
export function newer(known, copy, { answer = false } = {}) {
  const later = revOf(copy) - revOf(known);
  if (later < 0 || (later === 0 && (!answer || sameMarks(known, copy)))) return completed(known, copy);
  const next = completed(copy, known);
  const reactions = answer ? copy.reactions : copy.reactions?.map((r) => ({ ...r, mine: isMine(known, r.emoji) }));
  return { ...next, reactions, marked: known.marked };
}

// The message with the reader's own reaction marked as given or taken back by the event with this number. Events may come out of order: the last
// one counts.
export function marked(message, { emoji, on, seq }) {
  if ((message.marked?.[emoji] ?? 0) > seq) return message;
  return {
    ...message,
    marked: { ...message.marked, [emoji]: seq },
    reactions: message.reactions?.map((r) => (r.emoji === emoji ? { ...r, mine: on } : r)),
  };
}

export const isMine = (message, emoji) => message.reactions?.some((r) => r.emoji === emoji && r.mine) ?? false;

export const isDeleted = (message) => message.deletedAt !== undefined;

// How long a text may be edited, as the room or else the server says; ends: then the server refuses.
export function mayEdit(message, { me, seconds, now }) {
  return message.senderId === me.id && !isDeleted(message) && now < message.sentAt + seconds * 1000;
}

// keeps: whether the reader keeps order in the room.
export function mayDelete(message, { me, keeps }) {
  return !isDeleted(message) && (message.senderId === me.id || keeps);
}

function completed(message, other) {
  const lacks = kept.filter((field) => message[field] === undefined && other[field] !== undefined);
  return lacks.length === 0 ? message : { ...message, ...Object.fromEntries(lacks.map((field) => [field, other[field]])) };
}

const revOf = (message) => message.rev ?? 0;

function sameMarks(a, b) {
  const marks = (message) => JSON.stringify((message.reactions ?? []).map((r) => [r.emoji, r.count, Boolean(r.mine)]));
  return marks(a) === marks(b);
}
