import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownPolicy } from '../../js/model/policy.js';
import { governs, keepsOrder, mayActOn, mayInvite, rolesFor, roomsAbove } from '../../js/model/rights.js';

const me = { id: 'me', groups: [] };
const mia = { id: 'me', groups: ['moderators'] };
const ada = { id: 'me', groups: ['admins', 'ops'] };
const omar = { id: 'me', groups: ['ops'] };
const people = new Map([['max', { role: 'moderator' }], ['mia', { role: 'member' }], ['guest:1', { role: 'member' }]]);

function room(role, policy = {}) {
  return { id: 'tea', role, private: false, belong: { people }, people: new Map([['new', {}]]), policy: { ...unknownPolicy, ownerId: 'olga', ...policy } };
}

test('nobody is offered to act on equals and betters', () => {
  const cases = [
    ['member', 'mia', false], ['moderator', 'mia', true], ['moderator', 'max', false], ['moderator', 'stranger', true],
    ['moderator', 'olga', false], ['owner', 'max', true], ['owner', 'me', false],
  ];
  for (const [role, id, may] of cases) assert.equal(mayActOn(room(role), { id }, me), may, `${role} on ${id}`);
  assert.equal(mayActOn({ ...room('owner'), private: true }, { id: 'mia' }, me), false, 'between two there is no order to keep');
});

test('who may invite is what the room says', () => {
  for (const [role, invite, may] of [['member', 'member', true], ['member', 'moderator', false], ['none', 'member', false], ['moderator', 'owner', false], ['owner', 'owner', true]]) {
    assert.equal(mayInvite(room(role, { roles: { invite } }), me), may, `${role} where ${invite}s invite`);
  }
});

test('the owner alone gives roles, and none to guests', () => {
  const given = (role, id) => rolesFor(room(role), { id }, me);
  assert.deepEqual(given('owner', 'mia'), ['moderator', 'owner']);
  assert.deepEqual(given('owner', 'new'), ['moderator', 'owner']);
  assert.deepEqual(given('owner', 'max'), ['member', 'owner']);
  for (const [role, id] of [['owner', 'guest:1'], ['owner', 'stranger'], ['owner', 'olga'], ['moderator', 'mia']]) assert.deepEqual(given(role, id), [], `${role} to ${id}`);
});

test('a room goes beneath one that the reader keeps, of the first level and not private', () => {
  const rooms = [room('owner'), room('member'), room('owner', { parentId: 'x' }), room('moderator', { visibility: 'private' })];
  assert.deepEqual(roomsAbove(rooms, me), [rooms[0]]);
  assert.deepEqual(roomsAbove(rooms, me, rooms[0]), []);
});

test('the deployment’s moderators and admins are above every role in every room, and between two there is none', () => {
  for (const [who, may] of [[me, false], [omar, false], [mia, true], [ada, true]]) {
    const words = who.groups.join() || 'nobody in particular';
    for (const role of ['none', 'member']) {
      assert.deepEqual([keepsOrder(room(role), who), governs(room(role), who), mayInvite(room(role, { roles: { invite: 'owner' } }), who)], [may, may, may], `${words}, ${role}`);
      assert.equal(mayActOn(room(role), { id: 'olga' }, who), may, `${words} on the owner`);
    }
    assert.equal(keepsOrder({ ...room('none'), private: true }, who), false);
  }
  assert.equal(mayActOn(room('none'), { id: 'me' }, ada), false, 'nobody on themselves');
  assert.deepEqual(rolesFor(room('none'), { id: 'max' }, mia), ['member', 'owner']);
  assert.equal(keepsOrder(room('moderator'), null), true, 'before the greeting the role counts');
});
