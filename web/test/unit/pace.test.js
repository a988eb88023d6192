import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace, spanOf } from '../../js/model/pace.js';

const of = (rate, slow = 0) => new Pace(() => ({ rate, slow }));

test('so many messages go in a window that begins with the first of them', () => {
  const pace = of({ messages: 3, seconds: 10 });
  for (const now of [0, 4000, 6000]) {
    assert.equal(pace.wait('tea', now), 0);
    pace.sent('tea', now);
  }
  assert.equal(pace.wait('tea', 7000), 3000);
  assert.equal(pace.words('tea', 7000), 'You write fast: the next goes by itself');
  assert.equal(pace.wait('cake', 7000), 0, 'of each room');
  assert.equal(pace.wait('tea', 10_000), 0);
  pace.sent('tea', 10_000);
  assert.equal(pace.wait('tea', 10_001), 0, 'a new window');
});

test('slow mode is a pause after each message, and said before the first', () => {
  const pace = of(null, 30);
  assert.equal(pace.words('tea', 0), 'Slow mode: one message in 30 s');
  pace.sent('tea', 1000);
  assert.deepEqual([pace.wait('tea', 11_000), pace.left('tea', 16_000), pace.wait('tea', 31_000)], [20_000, 0.5, 0]);
});

test('the server’s word wins until it takes a message', () => {
  const pace = of({ messages: 10, seconds: 10 });
  pace.refused('tea', 1000, 5000);
  assert.equal(pace.wait('tea', 2000), 4000);
  pace.sent('tea', 6000);
  assert.equal(pace.wait('tea', 6000), 0);
});

test('without limits nobody waits', () => {
  const pace = of(null);
  for (let now = 0; now < 100; now++) pace.sent('tea', now);
  assert.deepEqual([pace.wait('tea', 100), pace.words('tea', 100)], [0, '']);
});

test('a span is said in what people count it in', () => {
  assert.deepEqual([30, 119, 300, 3600, 21_600].map(spanOf), ['30 s', '119 s', '5 min', '1 h', '6 h']);
});
