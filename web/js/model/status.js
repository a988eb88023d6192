import { secondsUntil } from './when.js';

// The connection in words, with the lamp and the cord that say the same: {word, lamp, cord, hint, retry}.
// lamp is a class of lamps; cord is solid, pulled, dead or removed; hint stands above the composer; retry: one may try now; signIn: signing
// in again may help.
export function statusOf(state, { now, known, waiting }) {
  switch (state.kind) {
    case 'connected':
      return known ? connected : { word: 'Connecting', lamp: 'waiting', cord: 'pulled', hint: '', retry: false };
    case 'connecting':
      if (state.quiet) return connected;
      return { word: state.again ? 'Reconnecting' : 'Connecting', lamp: 'waiting', cord: 'pulled', hint: state.again ? dropped : '', retry: false };
    case 'waiting':
      return {
        word: `Reconnecting in ${Math.max(1, secondsUntil(state.until, now))} s`,
        lamp: 'waiting',
        cord: 'pulled',
        hint: state.refused ? notLetIn : dropped,
        retry: true,
        signIn: state.refused,
      };
    case 'offline':
      return { word: 'Offline', lamp: '', cord: 'dead', hint: offline(waiting), retry: false };
    case 'out':
      return { word: 'Disconnected', lamp: 'busy', cord: 'removed', hint: '', retry: false };
    case 'refused':
      return { word: 'Signed out', lamp: 'busy', cord: 'removed', hint: '', retry: false };
    default:
      return { word: 'Not connected', lamp: '', cord: 'dead', hint: '', retry: false };
  }
}

const connected = { word: 'Connected', lamp: 'on', cord: 'solid', hint: '', retry: false };

const notLetIn = 'The server does not let you in, or does not work right now.';

const dropped = 'The connection dropped. You can go on writing.';

function offline(waiting) {
  if (waiting === 0) return 'You are offline. You can go on writing.';
  return `You are offline. ${waiting === 1 ? '1 message' : `${waiting} messages`} will be sent when you are back.`;
}

// How present a person is, as a lamp and as a word.
export const lampOf = { online: 'on', busy: 'busy', away: 'away', offline: '' };
export const wordOf = { online: 'On', busy: 'Busy', away: 'Away', offline: 'Off' };
