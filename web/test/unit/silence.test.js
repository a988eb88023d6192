import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownPolicy } from '../../js/model/policy.js';
import { silenceOf } from '../../js/model/silence.js';

test('who cannot write reads why', () => {
  const now = new Date(2026, 10, 23, 12, 0).getTime();
  const until = new Date(2026, 10, 23, 14, 30).getTime();
  const room = (role, locked) => ({ role, private: false, policy: { ...unknownPolicy, locked } });
  const cases = [
    [room('member', false), null, ''],
    [room('member', false), { until, reason: 'Spam' }, 'You are muted here until 14:30: Spam'],
    [room('member', true), null, 'This room is locked: only its moderators write.'],
    [room('moderator', true), null, ''],
    [{ ...room('member', true), private: true }, null, ''],
  ];
  for (const [where, mute, words] of cases) assert.equal(silenceOf(where, { groups: [] }, mute, now), words);
  assert.equal(silenceOf(room('none', true), { groups: ['moderators'] }, null, now), '');
});
