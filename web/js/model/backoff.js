// How long to wait before connecting again: full jitter, so that many who were cut off together do not come back together.
const first = 1000;
const longest = 30_000;

export function reconnectDelay(tries, random = Math.random) {
  return random() * Math.min(longest, first * 2 ** tries);
}

// The server's own advice when it sends many away at once.
export function spreadDelay(spreadMs, random = Math.random) {
  return random() * spreadMs;
}

// How long to wait before sending the same again.
export function resendDelay(tries) {
  return Math.min(8000, first * 2 ** Math.max(0, tries - 1));
}
