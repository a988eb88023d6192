// What the server takes, until its welcome says otherwise.
export const defaultLimits = {
  messageRunes: 4000,
  messageBytes: 16_384,
  frameBytes: 32_768,
  historyLimit: 100,
  resumeRooms: 50,
  pingRooms: 100,
  pingSeconds: 240,
  requestTimeoutMs: 5000,
  connectionSeconds: 7200,
  rotateSeconds: 6600,
  editSeconds: 900,
  typingSeconds: 3,
  readSeconds: 15,
  presenceSeconds: 3,
  awaySeconds: 300,
  slowModeSeconds: {},
  messageRate: null,
};

const encoder = new TextEncoder();

export const bytesOf = (text) => encoder.encode(text).length;

// Says in words why a text cannot be sent, or ''. Code points count, as the server counts them, not what looks like one character.
export function tooLong(text, limits) {
  const runes = [...text].length;
  if (runes > limits.messageRunes) {
    const over = runes - limits.messageRunes;
    return `${number(over)} ${over === 1 ? 'character' : 'characters'} too many: ${number(limits.messageRunes)} is the most`;
  }
  if (bytesOf(text) > limits.messageBytes) return `Too long: ${number(limits.messageBytes)} bytes is the most`;
  return '';
}

// How many characters are left, once that is worth saying; else null.
export function charactersLeft(text, limits) {
  const left = limits.messageRunes - [...text].length;
  return left <= 200 ? left : null;
}

export const number = (n) => n.toLocaleString('en');
