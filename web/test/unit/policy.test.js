import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesTo, policyAfter, treeOf, unknownPolicy } from '../../js/model/policy.js';

const beneath = { ...unknownPolicy, parentId: 'above', inherited: ['locked', 'guests'] };

test('only what differs is asked for', () => {
  const cases = [
    [unknownPolicy, { locked: false }, {}],
    [unknownPolicy, { locked: true, topic: 'Tea' }, { locked: true, topic: 'Tea' }],
    [unknownPolicy, { roles: { invite: 'moderator' } }, {}],
    [unknownPolicy, { locked: null }, {}],
    [beneath, { locked: false }, { locked: false }],
    [beneath, { locked: null, visibility: null }, { inherit: ['visibility'] }],
    [beneath, { parentId: '', locked: false }, { parentId: '' }],
    [unknownPolicy, { parentId: 'above', guests: null }, { parentId: 'above', inherit: ['guests'] }],
  ];
  for (const [known, wanted, changes] of cases) assert.deepEqual(changesTo(known, wanted), changes, JSON.stringify(wanted));
});

test('an older state of the rules changes nothing', () => {
  const known = policyAfter(unknownPolicy, { visibility: 'private', locked: true, rev: 3 });
  assert.equal(known.locked, true);
  assert.equal(policyAfter(known, { visibility: 'public', rev: 2 }), known);
  assert.equal(policyAfter(known, { visibility: 'public' }).locked, false, 'a list leaves out a lock that is not there');
  assert.equal(policyAfter(known, { role: 'member' }).locked, true);
});

test('rooms are a tree where the room above is there', () => {
  const room = (id, parentId = '') => ({ id, policy: { parentId } });
  const [tea, black, lost, green] = [room('tea'), room('black', 'tea'), room('lost', 'elsewhere'), room('green', 'tea')];
  assert.deepEqual(treeOf([black, lost, tea, green]), [{ room: lost, beneath: [] }, { room: tea, beneath: [black, green] }]);
});
