import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Outbox, mostWaiting } from '../../js/line/outbox.js';
import { Pace } from '../../js/model/pace.js';
import { RequestError } from '../../js/model/frames.js';
import { fakeStore, settle } from './fakes.js';

// An outbox with a connection whose answers the test gives: asked holds {fields, resolve, reject}.
function begin(t, store = fakeStore(), rules = { rate: null, slow: 0 }) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  t.after(() => mock.timers.reset());
  const asked = [];
  let ids = 0;
  const outbox = new Outbox({
    store,
    ask: (type, fields) => new Promise((resolve, reject) => { asked.push({ type, fields, resolve, reject }); }),
    changed: () => {},
    pace: new Pace(() => rules),
    newId: () => `c-${++ids}`,
  });
  outbox.connected(true);
  return { outbox, asked, store };
}

const texts = (asked) => asked.map((question) => question.fields.message);
const states = (outbox, roomId = 'tea') => outbox.of(roomId).map((entry) => entry.state);

test('one message of a room is on its way at a time, in order', async (t) => {
  const { outbox, asked } = begin(t);
  for (const text of ['a', 'b', 'c']) outbox.add('tea', null, text);
  outbox.add('cake', null, 'other');
  assert.deepEqual(texts(asked), ['a', 'other']);
  asked[0].resolve();
  await settle();
  assert.deepEqual(texts(asked), ['a', 'other', 'b']);
  assert.deepEqual(states(outbox), ['sending', 'waiting']);
});

test('a private message names its reader', (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('dm_x', 'ben', 'psst');
  assert.deepEqual([asked[0].type, asked[0].fields], ['private_message', { message: 'psst', clientMessageId: 'c-1', targetUserId: 'ben' }]);
});

test('what was lost with the connection goes again with the same id', async (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('tea', null, 'a');
  for (let times = 1; times <= 20; times++) {
    outbox.connected(false);
    asked.at(-1).reject(new RequestError('lost', ''));
    await settle();
    assert.deepEqual(states(outbox), ['waiting'], `lost ${times} times`);
    outbox.connected(true);
  }
  assert.deepEqual([asked.length, new Set(asked.map((q) => q.fields.clientMessageId)).size], [21, 1]);
});

test('what cannot be sent though nobody has said that the connection is gone waits for the next one', async (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('tea', null, 'a');
  asked[0].reject(new RequestError('lost', 'There is no connection.'));
  await settle();
  mock.timers.tick(60_000);
  assert.deepEqual([states(outbox), asked.length], [['waiting'], 1]);
  outbox.connected(true);
  assert.deepEqual([states(outbox), asked.length], [['sending'], 2]);
});

test('an answer that does not come is asked for again, and in the end a person decides', async (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('tea', null, 'a');
  for (const wait of [1000, 2000, 4000, 8000, 8000]) {
    asked.at(-1).reject(new RequestError('timeout', 'The server did not answer.'));
    await settle();
    assert.deepEqual(states(outbox), ['waiting']);
    mock.timers.tick(wait);
  }
  asked.at(-1).reject(new RequestError('timeout', 'The server did not answer.'));
  await settle();
  assert.deepEqual([states(outbox), asked.length], [['failed'], 6]);
  outbox.retry('c-1');
  assert.deepEqual([asked.length, new Set(asked.map((q) => q.fields.clientMessageId)).size], [7, 1]);
});

test('the server’s word on when to come back is kept', async (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('tea', null, 'a');
  outbox.add('tea', null, 'b');
  asked[0].reject(new RequestError('rate_limited', 'Too fast.', { retry: true, retryAfterMs: 700 }));
  await settle();
  assert.equal(outbox.of('tea')[0].note, 'Too fast.');
  mock.timers.tick(699);
  assert.equal(asked.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(texts(asked), ['a', 'a'], 'the order stays');
});

test('a room with slow mode takes one message, and the others go by themselves when they may', async (t) => {
  const { outbox, asked } = begin(t, fakeStore(), { rate: null, slow: 30 });
  for (const text of ['a', 'b']) outbox.add('tea', null, text);
  outbox.settle('c-1'); // its own copy comes before the answer is taken
  asked[0].resolve();
  await settle();
  assert.deepEqual([states(outbox), outbox.of('tea')[0].note], [['waiting'], 'It goes by itself when it may.']);
  mock.timers.tick(29_999);
  assert.deepEqual(texts(asked), ['a']);
  mock.timers.tick(1);
  assert.deepEqual(texts(asked), ['a', 'b']);
});

test('an answer goes with what it answers, of which no text is kept', (t) => {
  const { outbox, asked, store } = begin(t);
  outbox.add('tea', null, 'yes', { messageId: 'm-1', senderId: 'ben', senderName: 'Ben', message: 'tea?' });
  assert.equal(asked[0].fields.replyTo, 'm-1');
  assert.deepEqual(store.get('outbox:c-1').reply, { messageId: 'm-1', senderId: 'ben', senderName: 'Ben' });
});

test('a refusal fails one message, and the next goes', async (t) => {
  const { outbox, asked } = begin(t);
  outbox.add('tea', null, 'a');
  outbox.add('tea', null, 'b');
  asked[0].reject(new RequestError('muted', 'You are muted.', { retry: false }));
  await settle();
  assert.deepEqual(states(outbox), ['failed', 'sending']);
  outbox.discard('c-1');
  assert.deepEqual(states(outbox), ['sending']);
});

test('a copy that comes another way settles the message', (t) => {
  const { outbox, store } = begin(t);
  outbox.add('tea', null, 'a');
  assert.equal(outbox.settle('c-1').text, 'a');
  assert.equal(outbox.settle('c-1'), undefined);
  assert.deepEqual([outbox.waiting, store.keys('')], [0, []]);
});

test('what waits is there after a reload, in order', (t) => {
  const first = begin(t);
  first.outbox.connected(false);
  for (const text of ['a', 'b', 'c']) first.outbox.add('tea', null, text);
  mock.timers.reset();
  const { outbox, asked } = begin(t, first.store);
  assert.deepEqual(outbox.of('tea').map((entry) => entry.text), ['a', 'b', 'c']);
  assert.deepEqual(texts(asked), ['a']);
});

test('it is full at some time', (t) => {
  const { outbox } = begin(t);
  outbox.connected(false);
  for (let n = 0; n < mostWaiting; n++) outbox.add('tea', null, String(n));
  assert.equal(outbox.full, true);
});
