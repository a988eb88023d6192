import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sync } from '../../js/line/sync.js';

test('a room that cannot be resumed goes from the page, and says why', () => {
  const cases = [
    ['r_1', 'not_found', 'There is no room "r_1"', 'It is not there any more, or not open to you'],
    ['tea', 'forbidden', 'You are banned from this room: Spam', 'You are banned from this room: Spam'],
    ['tea', 'conflict', 'Try again', null],
    ['dm_x', 'not_found', 'There is no room "dm_x"', null],
  ];
  for (const [roomId, code, message, reason] of cases) {
    const left = [];
    new Sync({ membership: { hearLeft: (data) => left.push(data) } }).refused({ roomId, code, message });
    assert.deepEqual(left, reason === null ? [] : [{ roomId, reason, gone: code === 'not_found' }], `${roomId}: ${code}`);
  }
});
