import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log } from '../../js/model/log.js';
import { Room } from '../../js/line/room.js';
import { Ranges } from '../../js/model/ranges.js';

const message = (seq, more = {}) => ({ messageId: `m-${seq}`, seq, senderId: 'ben', message: `text ${seq}`, sentAt: seq * 1000, ...more });
const page = (from, to, more = {}) => ({
  from, to, head: to, missing: [], void: [], expired: null, more: false,
  messages: Array.from({ length: to - from + 1 }, (_, i) => message(from + i)), ...more,
});
const seqs = (log) => log.messages.map((m) => m.seq);

test('ranges join what touches and overlaps', () => {
  const ranges = new Ranges();
  for (const [from, to] of [[5, 7], [1, 2], [3, 3], [10, 12], [6, 9], [20, 19]]) ranges.add(from, to);
  assert.deepEqual(ranges.gaps(0, 15), [{ from: 0, to: 0 }, { from: 4, to: 4 }, { from: 13, to: 15 }]);
  assert.equal(ranges.has(9), true);
  assert.equal(ranges.has(4), false);
  ranges.dropBelow(6);
  assert.deepEqual(ranges.gaps(1, 12), [{ from: 1, to: 5 }]);
});

test('messages stand in the order of their numbers, however they come', () => {
  const log = new Log();
  for (const seq of [3, 1, 2, 5, 4]) assert.equal(log.add(message(seq)), true);
  assert.deepEqual(seqs(log), [1, 2, 3, 4, 5]);
});

test('a known message is not shown twice', () => {
  const log = new Log();
  log.add(message(1));
  assert.equal(log.add(message(1)), false);
  assert.deepEqual(log.merge(page(1, 2)).map((m) => m.seq), [2]);
  assert.deepEqual(seqs(log), [1, 2]);
});

test('the sender’s own copy adds whether it was delivered', () => {
  const log = new Log();
  log.add(message(1));
  log.add(message(1, { delivered: false }));
  log.add(message(1));
  assert.equal(log.messages[0].delivered, false);
});

test('a jump is a gap until it is filled, and the cursor stays before it', () => {
  const log = new Log();
  log.merge(page(1, 3));
  log.add(message(6));
  assert.deepEqual(log.gaps(), [{ from: 4, to: 5 }]);
  assert.equal(log.cursor, 3);
  log.merge(page(4, 5));
  assert.deepEqual(log.gaps(), []);
  assert.equal(log.cursor, 6);
});

test('what the server calls missing stays a gap, what it calls void does not', () => {
  const log = new Log();
  log.merge(page(1, 5, { messages: [message(1), message(5)], missing: [3], void: [2, 4] }));
  assert.deepEqual(log.gaps(), [{ from: 3, to: 3 }]);
});

test('what expired is known to be gone, once', () => {
  const log = new Log();
  const expired = page(1, 9, { messages: [message(9)], expired: { from: 1, to: 8 } });
  log.merge(expired);
  log.merge(expired);
  log.merge(page(5, 9, { messages: [message(9)], expired: { from: 5, to: 8 } }));
  assert.deepEqual(log.gaps(), []);
  assert.deepEqual(log.expired, [{ from: 1, to: 8 }]);
});

test('a head beyond what is known is a gap', () => {
  const log = new Log();
  log.raise(9);
  assert.deepEqual(log.gaps(), [], 'nothing was loaded yet');
  log.add(message(9));
  log.raise(11);
  assert.deepEqual(log.gaps(), [{ from: 10, to: 11 }]);
});

test('a very long gap is left to a person, and the cursor goes past it when something after it was heard', () => {
  const log = new Log();
  log.merge(page(1, 2, { head: 1999 }));
  assert.equal(log.cursor, 2);
  log.merge(page(2000, 2001));
  assert.deepEqual(log.gaps(), [{ from: 3, to: 1999 }]);
  assert.deepEqual(log.gapsToFetch(), []);
  assert.equal(log.cursor, 2001);
});

const deleted = (seq, at) => ({ ...message(seq), message: '', deletedAt: at * 1000, rev: 1 });
const textsOf = (log) => log.messages.map((m) => m.message);

test('a message that was deleted does not come back with a page that was on its way', () => {
  const log = new Log();
  log.merge(page(8, 9));
  log.change({ seq: 10, changed: deleted(7, 10) });
  log.merge(page(6, 7, { head: 9, changed: [deleted(5, 9)] }));
  log.merge(page(4, 5, { head: 9 }));
  assert.deepEqual(textsOf(log), ['text 4', '', 'text 6', '', 'text 8', 'text 9']);
});

test('what became of messages is known also when the window was elsewhere meanwhile', () => {
  const log = new Log();
  log.merge(page(1, 6));
  log.change({ seq: 7, changed: deleted(2, 7) });
  log.openAt(page(1, 3, { head: 6 }));
  assert.deepEqual(textsOf(log), ['text 1', '', 'text 3']);
  log.clear();
  log.change({ seq: 8, changed: deleted(5, 8) });
  log.openAt(page(4, 6, { head: 6 }));
  assert.deepEqual([textsOf(log), log.latest(message(2)).message], [['text 4', '', 'text 6'], '']);
});

test('of what changed out of sight only the latest is remembered', () => {
  const log = new Log();
  for (let seq = 1; seq <= 300; seq++) log.change({ seq: 300 + seq, changed: deleted(seq, 1) });
  const remembered = page(1, 300).messages.filter((m) => log.latest(m).message === '');
  assert.deepEqual([remembered.length, remembered[0].seq], [200, 101]);
});

test('what was missed is fetched whole though the reader is far up: it may tell of what they see', () => {
  const log = new Log();
  log.merge(page(1, 10));
  log.keepFirst(4);
  log.merge(page(11, 110, { head: 160 }));
  assert.deepEqual([log.cursor, log.gapsToFetch(), log.gaps()], [110, [{ from: 111, to: 160 }], []]);
  log.merge(page(111, 160, { messages: [], changed: [deleted(2, 120)] }));
  assert.deepEqual([textsOf(log), log.gapsToFetch(), log.cursor], [['text 1', '', 'text 3', 'text 4'], [], 160]);
  log.openAt(page(21, 30, { head: 150 }));
  log.raise(170);
  assert.deepEqual(log.gapsToFetch(), [{ from: 161, to: 170 }], 'what a page was read after is in it');
});

test('what is forgotten can be loaded again', () => {
  const log = new Log();
  log.merge(page(1, 10));
  log.start = true;
  log.keepLast(3);
  assert.deepEqual([seqs(log), log.first, log.start, log.gaps()], [[8, 9, 10], 8, false, []]);
  assert.equal(log.merge(page(1, 7)).length, 7);
});

test('what is beyond the window is not kept, and known to be there', () => {
  const log = new Log();
  log.merge(page(1, 10));
  log.keepFirst(4);
  assert.deepEqual([seqs(log), log.last, log.head, log.detached, log.gaps()], [[1, 2, 3, 4], 4, 10, true, []]);
  assert.equal(log.add(message(11)), true, 'a new message');
  assert.equal(log.add(message(11)), false, 'the same again');
  assert.equal(log.add(message(7)), false, 'one that was forgotten');
  assert.equal(log.cursor, 11, 'a resume brings nothing of what is far away');
  assert.deepEqual(log.merge(page(9, 11)), [], 'a page that does not follow on the window');
  log.merge(page(5, 8, { head: 11 }));
  assert.deepEqual([seqs(log), log.detached], [[1, 2, 3, 4, 5, 6, 7, 8], true]);
  log.merge(page(9, 11));
  assert.deepEqual([seqs(log).length, log.detached, log.gaps()], [11, false, []]);
  log.clear();
  assert.deepEqual([log.loaded, log.head, log.messages], [false, 11, []]);
});

test('a room of 50,000 messages is never held whole, up to its start and back to its end', async () => {
  const all = 50_000;
  let most = 0;
  const fetch = ({ before = all + 1, after = before - 101 }) => {
    const from = Math.max(1, after + 1);
    room.merge(page(from, Math.min(all, from + 99, before - 1), { head: all }), { id: 'me' });
    most = Math.max(most, room.log.messages.length);
  };
  const room = new Room('archive', { fetch, changed: () => {} });
  fetch({});
  while (!room.log.start) {
    room.readerAt = room.log.messages[20].seq;
    await room.loadOlder();
  }
  assert.deepEqual([seqs(room.log)[0], room.log.detached], [1, true]);
  while (room.log.detached) {
    room.readerAt = room.log.messages.at(-20).seq;
    await room.loadNewer();
  }
  assert.deepEqual([seqs(room.log).at(-1), room.log.gaps()], [all, []]);
  room.readerAt = null;
  for (let seq = all + 1; seq <= all + 1000; seq++) room.take(message(seq), { id: 'me' });
  assert.equal(seqs(room.log).at(-1), all + 1000);
  assert.ok(most <= 700 && room.log.messages.length <= 600, `${most} messages were held`);
});
