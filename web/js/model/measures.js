import { dayOf, sameDay, timeOf } from './when.js';

// For how long somebody can be muted or banned, in seconds; null: for good.
export const spans = {
  mute: [[600, '10 minutes'], [3600, '1 hour'], [86_400, '1 day'], [604_800, '1 week']],
  ban: [[3600, '1 hour'], [86_400, '1 day'], [604_800, '1 week'], [null, 'good']],
};

export const acts = {
  mute: { label: 'Mute', about: 'They read on and cannot write.' },
  kick: { label: 'Kick', about: 'They are put out, and can come back after a minute.' },
  ban: { label: 'Ban', about: 'They are put out and cannot come back.' },
  unmute: { label: 'Lift a mute', about: 'They can write again.' },
  unban: { label: 'Lift a ban', about: 'They can come in again.' },
};

// What a mute or a ban that holds is called, and its end; done is for the person named.
export const held = {
  mute: { word: 'Muted', lift: 'unmute', verb: 'Unmute', done: 'can write again' },
  ban: { word: 'Banned', lift: 'unban', verb: 'Unban', done: 'can come in again' },
};

const done = { mute: 'muted', kick: 'removed', ban: 'banned', unmute: 'not muted any more', unban: 'not banned any more' };

// What was done, as a sentence: to the person named, or to the reader (null).
export function sentenceOf({ act, until, reason }, { name, room, now }) {
  if (act === 'delete') return `A moderator deleted your message in ${room}: ${reason}`;
  const who = name === null ? 'You are' : `${name} is`;
  const where = room === '' ? 'everywhere' : `${act === 'kick' || act.endsWith('ban') ? 'from' : 'in'} ${room}`;
  const end = act === 'mute' || act === 'ban' ? endOf(until, now) : '';
  return `${who} ${done[act]} ${where}${end}: ${reason}`;
}

// Until when a measure holds, with a space before it.
export function endOf(until, now) {
  if (until === null) return ' for good';
  return ` until ${sameDay(until, now) ? timeOf(until) : `${dayOf(until, now)}, ${timeOf(until)}`}`;
}
