import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countAfter, rowsOf } from '../../js/model/rows.js';

const noon = new Date(2026, 10, 22, 12).getTime();
const minute = 60_000;
const message = (seq, senderId, sentAt = noon + seq * 1000) => ({ messageId: `m-${seq}`, seq, senderId, sentAt });
const kinds = (rows) => rows.map((row) => (row.start === undefined ? row.kind : `${row.kind}${row.start ? '*' : ''}`));

test('a run says its name once, and again after a pause', () => {
  const messages = [message(1, 'ana'), message(2, 'ana'), message(3, 'ben'), message(4, 'ben', noon + 10 * minute)];
  assert.deepEqual(kinds(rowsOf({ messages })), ['day', 'message*', 'message', 'message*', 'message*']);
});

test('a long run says its name again after five minutes, and after twenty messages at most', () => {
  const starts = (messages) => rowsOf({ messages }).filter((row) => row.start).map((row) => row.message.seq);
  const oneAMinute = Array.from({ length: 12 }, (_, n) => message(n + 1, 'ana', noon + n * minute));
  assert.deepEqual(starts(oneAMinute), [1, 6, 11]);
  const atOnce = Array.from({ length: 45 }, (_, n) => message(n + 3, 'ana', noon + n));
  assert.deepEqual(starts(atOnce), [3, 20, 40]);
});

test('runs stay as they are while older messages come in above', () => {
  const all = Array.from({ length: 100 }, (_, n) => message(n + 1, 'ana', noon + n));
  const starts = (messages) => rowsOf({ messages }).filter((row) => row.start).map((row) => row.message.seq);
  assert.deepEqual(starts(all.slice(50)).slice(1), starts(all).filter((seq) => seq > 51));
});

test('each day has its line', () => {
  const messages = [message(1, 'ana', noon - 24 * 60 * minute), message(2, 'ana', noon)];
  assert.deepEqual(kinds(rowsOf({ messages })), ['day', 'message*', 'day', 'message*']);
});

test('the unread line stands before the first message of others', () => {
  const messages = [message(1, 'ben'), message(2, 'me'), message(3, 'ben'), message(4, 'ben')];
  const rows = rowsOf({ messages, unreadFrom: 2, me: 'me' });
  assert.deepEqual(kinds(rows), ['day', 'message*', 'message*', 'unread', 'message*', 'message']);
});

test('holes stand where the numbers are missing', () => {
  const messages = [message(1, 'ben'), message(5, 'ben')];
  const rows = rowsOf({ messages, holes: [{ from: 2, to: 4, kind: 'missing' }, { from: 6, to: 7, kind: 'missing' }] });
  assert.deepEqual(kinds(rows), ['day', 'message*', 'hole', 'message*', 'hole']);
});

test('what waits to be sent comes last and goes on the writer’s run', () => {
  const messages = [message(1, 'me')];
  const pending = [{ id: 'a', at: noon + 2000 }, { id: 'b', at: noon + 3000 }];
  assert.deepEqual(kinds(rowsOf({ messages, pending, me: 'me' })), ['day', 'message*', 'pending', 'pending']);
});

test('only messages of others count as new', () => {
  const messages = [message(1, 'ben'), message(2, 'ben'), message(3, 'me'), message(4, 'ben')];
  assert.equal(countAfter(messages, 1, 'me'), 2);
});
