import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log } from '../../js/model/log.js';
import { unreadOf } from '../../js/model/unread.js';

const me = { id: 'ana', name: 'Ana Ruiz' };
const message = (seq, senderId = 'ben', text = '', more = {}) => ({ messageId: `m-${seq}`, seq, senderId, message: text, sentAt: 0, ...more });

function logOf(...messages) {
  const log = new Log();
  for (const m of messages) log.add(m);
  return log;
}

test('what others wrote after the last read number is unread', () => {
  const log = logOf(message(1), message(2), message(3, 'ana'), message(4, 'ben', '@Ana look'));
  assert.deepEqual(unreadOf(log, 1, me), { count: 2, mentions: 1 });
  assert.deepEqual(unreadOf(log, 4, me), { count: 0, mentions: 0 });
});

test('a private message is for its reader', () => {
  assert.deepEqual(unreadOf(logOf(message(1, 'ben', 'hi', { targetUserId: 'ana' })), 0, me), { count: 1, mentions: 1 });
});

test('numbers that are not loaded count by the head', () => {
  const log = new Log();
  log.raise(12);
  assert.equal(unreadOf(log, 10, me).count, 2);
  log.add(message(12));
  assert.equal(unreadOf(log, 9, me).count, 3);
  log.raise(14);
  assert.equal(unreadOf(log, 9, me).count, 5);
});

test('a room that was never read has nothing unread', () => {
  assert.deepEqual(unreadOf(logOf(message(1)), null, me), { count: 0, mentions: 0 });
});
