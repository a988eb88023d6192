import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../../js/model/frames.js';
import { Messages } from '../../js/line/messages.js';
import { Room } from '../../js/line/room.js';
import { settle } from './fakes.js';

const message = (seq, more = {}) => ({ messageId: `m-${seq}`, roomId: 'tea', seq, senderId: 'ben', message: `text ${seq}`, sentAt: seq * 1000, ...more });
const page = (from, to, more = {}) => ({
  roomId: 'tea', from, to, head: to, missing: [], void: [], more: false,
  messages: Array.from({ length: to - from + 1 }, (_, i) => message(from + i)), ...more,
});
const deletion = (seq, of) => ({ roomId: 'tea', seq, userId: 'ben', changed: message(of, { message: '', deletedAt: seq * 1000, rev: 1 }) });

// What happens to the messages of an open room that holds 1 to 10; asked has what was asked for, {fields, resolve}.
function talk() {
  const asked = [];
  const opened = [];
  const room = new Room('tea', { fetch: async () => {}, changed: () => {} });
  const chat = {
    me: { id: 'ana' },
    current: room,
    rooms: { at: () => room, get: () => room },
    outbox: { settle: () => {} },
    ask: (type, fields) => new Promise((resolve) => { asked.push({ fields, resolve: (data) => resolve({ data }) }); }),
    open: async (id) => opened.push(id),
    changed: () => {},
  };
  const messages = new Messages(chat, () => {});
  messages.takePage(page(1, 10));
  room.opening = 'done';
  return { messages, room, asked, opened, stop: () => room.gaps.stop() };
}

test('a room whose messages could not be had is opened again with the next connection', () => {
  const { room, stop } = talk();
  const lost = new RequestError('lost', 'There is no connection.');
  room.openFailed(lost);
  assert.equal(room.opening, 'done', 'what is held stays');
  room.letGo();
  room.opening = 'done';
  room.openFailed(lost);
  assert.equal(room.opening, 'no');
  stop();
});

test('a quote of a message that was deleted while it was on its way does not show it', async () => {
  const { messages, room, asked, stop } = talk();
  room.log.keepLast(3);
  messages.quote(room, { replyTo: 'm-2', replyToSeq: 2 });
  await settle();
  messages.change(deletion(11, 2));
  asked[0].resolve(page(2, 2));
  await settle();
  assert.equal(room.quotes.get('m-2').message, '');
  stop();
});

test('who was away for so long that not all is fetched sees none of what they had: the newest are loaded', async () => {
  const { messages, room, opened, stop } = talk();
  room.quotes.set('m-0', message(0));
  await messages.takeMissed(page(11, 110, { head: 1111, more: true }));
  assert.deepEqual([room.log.loaded, room.quotes.size, opened], [false, 0, ['tea']]);
  stop();
});

test('who was away for so long and had scrolled up comes back to their place', async () => {
  const { messages, room, asked, opened, stop } = talk();
  room.readerAt = 4;
  messages.takeMissed(page(11, 110, { head: 1111, more: true }));
  asked[0].resolve(page(1, 28, { head: 1111 }));
  await settle();
  assert.deepEqual([room.sought, room.log.first, room.log.last, room.log.cursor, opened], [{ seq: 4 }, 1, 28, 1111, ['tea']]);
  stop();
});

test('what is fetched by itself, and what comes first, moves nobody', async () => {
  const { messages, room, opened, stop } = talk();
  await messages.takeMissed(page(11, 110, { head: 300, more: true }));
  assert.equal(room.log.messages.length, 110);
  room.letGo();
  await messages.takeMissed(page(11, 110, { head: 5000, more: true }));
  assert.deepEqual([room.log.messages.length, opened], [100, []]);
  stop();
});
