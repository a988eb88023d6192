import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../js/line/room.js';

const me = { id: 'me', name: 'Me' };
const said = (seq, senderId = 'ben') => ({ messageId: `m-${seq}`, roomId: 'tea', seq, senderId, senderName: senderId, sentAt: seq, message: 'Hi' });
const page = (from, to, fields) => ({
  messages: Array.from({ length: to - from + 1 }, (_, n) => said(from + n)), events: [], changed: [], from, to, head: to, missing: [], void: [], expired: null, more: false, ...fields,
});

function room(readSeq) {
  const tea = new Room('tea', { fetch: async () => {}, changed: () => {} });
  tea.readSeq = readSeq;
  tea.merge(page(1, 5), me, false);
  return tea;
}

test('the unread line stands where it was first put, and nowhere when all is read', () => {
  const tea = room(3);
  tea.markUnread(me);
  assert.equal(tea.unreadFrom, 4);
  tea.readSeq = 5;
  tea.take(said(6), me);
  tea.markUnread(me);
  assert.equal(tea.unreadFrom, 4);
  for (const read of [5, null]) {
    const other = room(read);
    other.markUnread(me);
    assert.equal(other.unreadFrom, null, `read up to ${read}`);
  }
});

test('of a room that the reader was put out of nothing is left to see', () => {
  const tea = room(3);
  tea.people.set('ben', { userId: 'ben', name: 'Ben' });
  tea.belong = { people: new Map([['ben', { name: 'Ben' }]]), more: true, state: 'done' };
  tea.search = { found: [said(1)] };
  tea.quotes.set('m-1', said(1));
  assert.equal(tea.shut, false);
  tea.putOut('You are banned');
  assert.equal(tea.shut, true);
  const left = [tea.people.size, tea.belong.people.size, tea.belong.more, tea.search, tea.quotes.size, tea.log.messages.length, tea.unreadFrom];
  assert.deepEqual(left, [0, 0, false, null, 0, 0, null]);
});
