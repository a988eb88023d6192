import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconnectDelay, spreadDelay } from '../../js/model/backoff.js';

const advised = 500; // connections a second: API Gateway's quota

// Numbers like Math.random's that are the same in each run.
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The most arrivals in any second.
function peak(times) {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  for (let last = 0, first = 0; last < sorted.length; last++) {
    while (sorted[last] - sorted[first] >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

for (const [clients, spreadMs] of [[1000, 2500], [10_000, 25_000]]) {
  test(`${clients} clients sent away together never exceed the advised rate`, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = dice(seed);
      const most = peak(Array.from({ length: clients }, () => spreadDelay(spreadMs, random)));
      assert.ok(most <= advised, `seed ${seed}: ${most} in one second`);
    }
  });
}

// Nobody can advise those whom a crash cuts off: the server refuses what is too much, and they back off.
test('1,000 clients cut off without a word are all back within a minute', () => {
  const random = dice(7);
  const waiting = Array.from({ length: 1000 }, () => ({ at: reconnectDelay(0, random), tries: 1 }));
  let [allowed, then, back] = [advised, 0, 0];
  while (waiting.length) {
    waiting.sort((a, b) => b.at - a.at);
    const client = waiting.pop();
    allowed = Math.min(advised, allowed + (client.at - then) * advised / 1000);
    then = client.at;
    if (allowed >= 1) [allowed, back] = [allowed - 1, client.at];
    else waiting.push({ at: client.at + reconnectDelay(client.tries, random), tries: client.tries + 1 });
  }
  assert.ok(back < 60_000, `the last one is back after ${back} ms`);
});
