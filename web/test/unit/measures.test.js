import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceOf } from '../../js/model/measures.js';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const soon = new Date(2026, 10, 23, 14, 30).getTime();
const later = new Date(2026, 10, 25, 9, 5).getTime();

test('what was done to people is a sentence', () => {
  const cases = [
    [{ act: 'mute', until: soon, reason: 'Spam' }, null, 'Tea', 'You are muted in Tea until 14:30: Spam'],
    [{ act: 'mute', until: soon, reason: 'Spam' }, null, '', 'You are muted everywhere until 14:30: Spam'],
    [{ act: 'ban', until: null, reason: 'Spam' }, 'Ben', 'Tea', 'Ben is banned from Tea for good: Spam'],
    [{ act: 'ban', until: later, reason: 'Spam' }, 'Ben', 'Tea', 'Ben is banned from Tea until Wednesday 25 November, 09:05: Spam'],
    [{ act: 'kick', until: soon, reason: 'Spam' }, null, 'Tea', 'You are removed from Tea: Spam'],
    [{ act: 'unban', until: 0, reason: 'Sorry' }, null, 'Tea', 'You are not banned any more from Tea: Sorry'],
    [{ act: 'delete', until: 0, reason: 'Spam' }, null, 'Tea', 'A moderator deleted your message in Tea: Spam'],
    [{ act: 'unmute', until: 0, reason: 'Calm' }, 'Ben', 'Tea', 'Ben is not muted any more in Tea: Calm'],
  ];
  for (const [measure, name, room, sentence] of cases) assert.equal(sentenceOf(measure, { name, room, now }), sentence);
});
