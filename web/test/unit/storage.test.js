import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Outbox } from '../../js/line/outbox.js';
import { RequestError } from '../../js/model/frames.js';
import { Pace } from '../../js/model/pace.js';
import { PersonStore } from '../../js/session/storage.js';
import { settle } from './fakes.js';

class Storage {
  getItem(key) {
    return this[key] ?? null;
  }

  setItem(key, value) {
    this[key] = value;
  }

  removeItem(key) {
    delete this[key];
  }
}

beforeEach(() => {
  globalThis.localStorage = new Storage();
  globalThis.sessionStorage = new Storage();
});

const keys = () => [Object.keys(localStorage), Object.keys(sessionStorage)];

test('what a person writes outlives the tab, what a guest writes goes with it as the guest does', () => {
  const person = new PersonStore('ana');
  const guest = new PersonStore('guest:01J');
  for (const store of [person, guest]) assert.equal(store.set('draft:tea', 'hello'), true);
  assert.deepEqual(keys(), [['switchboard:ana#draft:tea'], ['switchboard:guest:01J#draft:tea']]);
  const again = new PersonStore('guest:01J');
  assert.deepEqual([again.get('draft:tea'), again.keys('draft:')], ['hello', ['draft:tea']]);
  again.remove('draft:tea');
  assert.deepEqual(keys()[1], []);
});

test('forgetting a person takes nothing from others', () => {
  for (const id of ['ana', 'ana2']) new PersonStore(id).set('rooms', []);
  new PersonStore('ana').forget();
  assert.deepEqual(keys()[0], ['switchboard:ana2#rooms']);
});

test('what was on its way when its writer signed out is not kept again', async () => {
  const store = new PersonStore('ana');
  let refuse;
  const outbox = new Outbox({
    store, changed: () => {}, pace: new Pace(() => ({ rate: null, slow: 0 })), newId: () => 'c-1',
    ask: () => new Promise((resolve, reject) => { refuse = reject; }),
  });
  outbox.connected(true);
  outbox.add('tea', null, 'not for the next person here');
  outbox.connected(false);
  refuse(new RequestError('lost', 'The connection was lost.'));
  store.forget();
  await settle();
  assert.deepEqual([keys(), store.set('rooms', [])], [[[], []], false]);
});
