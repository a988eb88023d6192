import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peopleOf } from '../../js/model/people.js';

const ana = { id: 'ana', name: 'Ana' };
const statusOf = (id) => ({ ana: 'online', ben: 'busy', 'guest:kim': 'away' })[id] ?? 'offline';
const shown = (room) => peopleOf(room, ana, statusOf).map(({ id, name, status, here, guest }) => [id, name, status, here, guest ?? false]);

test('a conversation of two shows both, and oneself alone until the other is known', () => {
  assert.deepEqual(shown({ private: true }), [['ana', 'Ana', 'online', true, false]]);
  assert.deepEqual(shown({ private: true, other: { id: 'ben', name: 'Ben' } })[1], ['ben', 'Ben', 'busy', true, false]);
  assert.deepEqual(shown({ private: true, other: { id: 'guest:eve', name: '' } })[1], ['guest:eve', 'guest:eve', 'offline', false, true]);
});

test('a room shows who is here as awake, who belongs as offline, and no guest who has left', () => {
  const room = {
    people: new Map([['chloe', { name: 'Chloe' }], ['guest:kim', { name: 'Kim', guest: true }]]),
    belong: { people: new Map([
      ['dev', { name: 'Dev', role: 'member', here: false }],
      ['ben', { name: 'Ben', role: 'owner', here: true }],
      ['guest:old', { name: 'Old', guest: true, here: false }],
    ]) },
  };
  assert.deepEqual(shown(room), [
    ['ben', 'Ben', 'busy', false, false],
    ['chloe', 'Chloe', 'online', true, false],
    ['dev', 'Dev', 'offline', false, false],
    ['guest:kim', 'Kim', 'away', true, true],
  ]);
});
