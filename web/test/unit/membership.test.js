import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { Membership } from '../../js/line/membership.js';
import { fakeStore } from './fakes.js';

before(() => mock.timers.enable({ apis: ['setTimeout'] }));
after(() => mock.timers.reset());

const tea = { id: 'tea', title: 'Tea' };
const lobby = { id: 'lobby', title: 'Lobby' };
const soon = () => Math.floor(Date.now() / 1000) + 3600;

function reader(store = fakeStore()) {
  const rooms = { at: (id) => (id === 'tea' ? tea : lobby), nameOf: () => 'Ben' };
  const membership = new Membership({ me: { id: 'me' }, store, rooms, changed: () => {} });
  membership.begin();
  return membership;
}

const reasons = (membership) => [tea, lobby].map((room) => membership.muteOf(room)?.reason ?? '');

test('who comes back is muted where the server says so, and nowhere else', () => {
  const store = fakeStore();
  const membership = reader(store);
  const told = [
    ['tea', { reason: 'Loud', until: soon() }, ['Loud', '']],
    ['tea', { reason: 'Spam', forGood: true, everywhere: true }, ['Spam', 'Spam']],
    ['tea', { reason: 'Loud', forGood: true }, ['Loud', 'Spam']],
    ['lobby', undefined, ['Loud', '']],
    ['tea', { reason: 'Over', until: soon() - 7200 }, ['', '']],
    ['tea', { reason: 'Loud', until: soon() }, ['Loud', '']],
  ];
  for (const [roomId, muted, want] of told) {
    membership.hearMute({ roomId, muted });
    assert.deepEqual(reasons(membership), want, `${roomId}: ${JSON.stringify(muted)}`);
  }
  const later = reader(store);
  assert.deepEqual(reasons(later), ['Loud', ''], 'it is kept in the browser');
  later.hearMute({ roomId: 'tea' });
  assert.deepEqual(reasons(later), ['', ''], 'lifted while away');
  assert.deepEqual(reasons(reader(store)), ['', '']);
});

test('a mute that is given or lifted while the reader is there counts at once', () => {
  const membership = reader();
  membership.hearModerated({ act: 'mute', roomId: 'tea', userId: 'me', reason: 'Loud', until: soon() });
  membership.hearModerated({ act: 'mute', roomId: 'lobby', userId: 'ben', reason: 'Loud', until: soon() });
  assert.deepEqual(reasons(membership), ['Loud', '']);
  membership.hearModerated({ act: 'unmute', roomId: 'tea', userId: 'me', reason: 'Calm' });
  assert.deepEqual(reasons(membership), ['', '']);
});

test('what happened stands as a few sentences, the last ones, each once', () => {
  const membership = reader();
  for (const sentence of ['one', 'two', 'two', 'three', 'one', 'four']) membership.say(sentence);
  assert.deepEqual(membership.news, ['three', 'one', 'four']);
  membership.noticed('one');
  assert.deepEqual(membership.news, ['three', 'four']);
});
