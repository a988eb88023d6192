import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { GapFetcher, waitBefore } from '../../js/model/gaps.js';
import { Log } from '../../js/model/log.js';

const message = (seq) => ({ messageId: `m-${seq}`, seq, senderId: 'ben', message: '', sentAt: 0 });

// A log with a gap at 2, and a fetcher whose questions are collected.
function gapAtTwo(t, answer = () => {}) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const log = new Log();
  log.add(message(1));
  log.add(message(3));
  const asked = [];
  const fetcher = new GapFetcher(log, async (gap) => {
    asked.push(gap);
    answer(log, gap);
  }, { random: () => 0.5, people: () => 100 });
  return { log, asked, fetcher };
}

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

async function pass(ms) {
  mock.timers.tick(ms);
  await settle();
}

test('a gap is given a moment to close by itself, longer in large rooms', () => {
  assert.equal(waitBefore(0, 0, () => 0.9), 1000);
  assert.equal(waitBefore(0, 200, () => 1), 2000);
  assert.deepEqual([1, 2, 3, 4].map((tries) => waitBefore(tries, 200, () => 1)), [1000, 2000, 4000, 8000]);
});

test('a gap that closes in time is not asked for', async (t) => {
  const { log, asked, fetcher } = gapAtTwo(t);
  fetcher.look();
  await pass(1249);
  log.add(message(2));
  await pass(10_000);
  assert.deepEqual(asked, []);
});

test('a gap that stands is fetched once', async (t) => {
  const { asked, fetcher } = gapAtTwo(t, (log) => log.add(message(2)));
  fetcher.look();
  fetcher.look();
  await pass(1250);
  await pass(20_000);
  assert.deepEqual(asked, [{ from: 2, to: 2 }]);
});

test('tries back off, and end by saying so', async (t) => {
  const { log, asked, fetcher } = gapAtTwo(t);
  fetcher.look();
  fetcher.look();
  const [gap] = log.gaps();
  for (const [n, wait] of [1250, 1000, 2000, 4000, 8000].entries()) {
    await pass(wait - 1);
    assert.equal(asked.length, n, `before try ${n + 1}`);
    assert.equal(fetcher.gaveUp(gap), false);
    await pass(1);
    assert.equal(asked.length, n + 1);
  }
  assert.equal(fetcher.gaveUp(gap), true);
  await pass(60_000);
  assert.equal(asked.length, 5);
  fetcher.again();
  await pass(0);
  assert.equal(asked.length, 6);
});

test('what is known to be there is fetched at once, page after page', async (t) => {
  const { log, asked, fetcher } = gapAtTwo(t, (log, gap) => log.add(message(gap.from)));
  log.raise(5);
  fetcher.look(true);
  for (let n = 0; n < 3; n++) await pass(0);
  assert.deepEqual(asked.map((gap) => gap.from), [2, 4, 5]);
});

test('a question that fails is asked again', async (t) => {
  const { asked, fetcher } = gapAtTwo(t, () => {
    if (asked.length === 1) throw new Error('the connection was lost');
  });
  fetcher.look();
  await pass(1250);
  assert.equal(asked.length, 1);
  await pass(2000);
  assert.equal(asked.length, 2);
});
