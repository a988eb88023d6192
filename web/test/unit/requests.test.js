import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Requests } from '../../js/line/requests.js';

function begin(t) {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const sent = [];
  let unanswered = 0;
  const requests = new Requests({
    send: (text) => sent.push(JSON.parse(text)),
    timeout: () => 5000,
    most: () => 100,
    unanswered: () => unanswered++,
  });
  return { requests, sent, unanswered: () => unanswered };
}

test('an answer finds its question by ref', async (t) => {
  const { requests, sent } = begin(t);
  const [a, b] = [requests.ask('ping'), requests.ask('history', { roomId: 'tea' })];
  assert.deepEqual(sent[1], { type: 'history', id: '2', roomId: 'tea' });
  requests.take({ type: 'history', ref: '2', data: {} });
  requests.take({ type: 'chat', data: {} });
  requests.take({ type: 'pong', ref: '1', data: {} });
  requests.take({ type: 'pong', ref: '1', data: {} });
  assert.deepEqual([(await a).type, (await b).type], ['pong', 'history']);
});

test('a refusal rejects with its code', async (t) => {
  const { requests } = begin(t);
  const asked = requests.ask('chat');
  requests.take({ type: 'error', ref: '1', data: { code: 'muted', message: 'You are muted' } });
  await assert.rejects(asked, { code: 'muted', message: 'You are muted.', retry: false });
});

test('what is larger than a frame may be is not sent, and not tried again', async (t) => {
  const { requests, sent } = begin(t);
  await assert.rejects(requests.ask('chat', { message: 'é'.repeat(40) }), { code: 'too_large', message: 'That is too long.', retry: false });
  assert.deepEqual(sent, []);
});

test('no answer in time is told', async (t) => {
  const { requests, unanswered } = begin(t);
  const asked = requests.ask('chat');
  mock.timers.tick(5000);
  await assert.rejects(asked, { code: 'timeout', retry: true });
  assert.equal(unanswered(), 1);
});

test('a connection that is lost or was never there rejects', async (t) => {
  const { requests } = begin(t);
  const asked = requests.ask('chat');
  requests.drop();
  await assert.rejects(asked, { code: 'lost' });
  const nowhere = new Requests({ send: () => false, timeout: () => 5000, most: () => 100 });
  await assert.rejects(nowhere.ask('chat'), { code: 'lost' });
});

test('a gateway’s frame answers the only question there is', async (t) => {
  const { requests } = begin(t);
  const answered = requests.ask('ping');
  requests.take({ type: 'pong', ref: '1', data: {} });
  await answered;
  const asked = requests.ask('chat');
  requests.take({ type: 'gateway', data: { message: 'Internal server error' } });
  await assert.rejects(asked, { code: 'internal', message: 'Internal server error.', retry: true });
  const two = [requests.ask('chat'), requests.ask('ping')];
  requests.take({ type: 'gateway', data: { message: 'Internal server error' } });
  requests.take({ type: 'pong', ref: '3', data: {} });
  requests.take({ type: 'pong', ref: '4', data: {} });
  assert.equal((await Promise.all(two)).length, 2);
});
