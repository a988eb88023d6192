import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, StartError } from '../../js/model/start.js';
import { reconnectDelay, resendDelay, spreadDelay } from '../../js/model/backoff.js';
import { decode, encode, refusalOf } from '../../js/model/frames.js';
import { charactersLeft, defaultLimits, tooLong } from '../../js/model/limits.js';
import { statusOf } from '../../js/model/status.js';
import { dayOf, sameDay, secondsUntil } from '../../js/model/when.js';

test('reconnects wait anything up to a bound that doubles and ends', () => {
  assert.deepEqual([0, 1, 4, 5, 50].map((tries) => reconnectDelay(tries, () => 1)), [1000, 2000, 16_000, 30_000, 30_000]);
  assert.equal(reconnectDelay(3, () => 0), 0);
  assert.equal(spreadDelay(10_000, () => 0.25), 2500);
  assert.deepEqual([1, 2, 3, 4, 9].map(resendDelay), [1000, 2000, 4000, 8000, 8000]);
});

test('frames are read, and what is no frame is not', () => {
  assert.deepEqual(decode('{"type":"pong","ref":"1","data":{"a":1}}'), { type: 'pong', ref: '1', data: { a: 1 } });
  assert.deepEqual(decode('{"message":"Internal server error","connectionId":"x=","requestId":"y="}'), {
    type: 'gateway', data: { message: 'Internal server error' },
  });
  for (const text of ['', 'pong', 'null', '[]', '1', '{"type":"pong"}', '{"type":1,"data":{}}', '{"message":"a"}']) assert.equal(decode(text), null, text);
  assert.equal(encode('chat', '1', { message: 'a' }), '{"type":"chat","id":"1","message":"a"}');
});

test('a refusal is a sentence, whatever the server leaves out', () => {
  assert.equal(refusalOf({ code: 'muted', message: 'You are muted' }).message, 'You are muted.');
  assert.equal(refusalOf({ code: 'rate_limited', message: '', retry: true, retryAfterMs: 700 }).retryAfterMs, 700);
  for (const code of ['invalid', 'unauthorized', 'forbidden', 'not_found', 'conflict', 'too_large', 'rate_limited', 'muted', 'gone', 'unavailable', 'internal', 'new']) {
    assert.match(refusalOf({ code }).message, /^[A-Z].*\.$/u, code);
  }
  assert.equal(refusalOf({ code: 'invalid' }).retry, false);
});

test('a text is measured as the server measures it', () => {
  assert.equal(tooLong('a'.repeat(4000), defaultLimits), '');
  assert.equal(tooLong('🚀'.repeat(4000), defaultLimits), '');
  assert.equal(tooLong('a'.repeat(4001), defaultLimits), '1 character too many: 4,000 is the most');
  assert.equal(tooLong('🚀'.repeat(5000), defaultLimits), '1,000 characters too many: 4,000 is the most');
  assert.equal(tooLong('é'.repeat(6), { messageRunes: 10, messageBytes: 11 }), 'Too long: 11 bytes is the most');
  assert.equal(charactersLeft('a'.repeat(3799), defaultLimits), null);
  assert.equal(charactersLeft('a'.repeat(3999), defaultLimits), 1);
});

test('the state of the connection has words', () => {
  const word = (state, more) => statusOf(state, { now: 0, known: true, waiting: 0, ...more });
  assert.equal(word({ kind: 'connected' }).word, 'Connected');
  assert.equal(word({ kind: 'connected' }, { known: false }).word, 'Connecting');
  assert.equal(word({ kind: 'connecting', again: true }).word, 'Reconnecting');
  assert.equal(word({ kind: 'connecting', again: true, quiet: true }).word, 'Connected');
  assert.equal(word({ kind: 'waiting', until: 3100 }).word, 'Reconnecting in 4 s');
  assert.equal(word({ kind: 'waiting', until: -5 }).word, 'Reconnecting in 1 s');
  assert.equal(word({ kind: 'offline' }, { waiting: 2 }).hint, 'You are offline. 2 messages will be sent when you are back.');
  assert.equal(word({ kind: 'out' }).cord, 'removed');
});

test('days are named as people name them, also over a change of clocks', () => {
  const at = (...parts) => new Date(...parts).getTime();
  const now = at(2026, 9, 26, 0, 30);
  assert.equal(dayOf(at(2026, 9, 26, 0, 1), now), 'Today, Monday 26 October');
  assert.equal(dayOf(at(2026, 9, 25, 23, 59), now), 'Yesterday, Sunday 25 October');
  assert.equal(dayOf(at(2026, 9, 24, 12), now), 'Saturday 24 October');
  assert.equal(dayOf(at(2025, 11, 31, 12), now), 'Wednesday 31 December 2025');
  assert.equal(sameDay(at(2026, 9, 25, 0), at(2026, 9, 25, 23, 59)), true);
  assert.equal(secondsUntil(1001, 0), 2);
});

test('a page that cannot begin says what happened', () => {
  const there = { online: true, secure: true };
  for (const [error, place, words] of [
    [new StartError(503), there, 'answered with 503'],
    [new TypeError('Failed to fetch'), there, 'did not answer'],
    [new TypeError('Failed to fetch'), { ...there, online: false }, 'You are offline'],
    [new SyntaxError('Unexpected token'), there, 'cannot be read'],
    [new RangeError('x'), there, 'in the page itself'],
    [new TypeError('no subtle'), { ...there, secure: false }, 'not secure'],
  ]) {
    const { what, then } = failureOf(error, place);
    assert.ok(what.includes(words) && then !== '', `${error} ${JSON.stringify(place)}: ${what} ${then}`);
  }
});
