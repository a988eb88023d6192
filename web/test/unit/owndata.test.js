import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherOwnData } from '../../js/line/owndata.js';
import { RequestError } from '../../js/model/frames.js';

// Answers from a list, of which errors are thrown.
function server(answers) {
  const asked = [];
  const ask = async (type, fields) => {
    asked.push(fields.cursor);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { data: { userId: 'ana', ...answer } };
  };
  return { ask, asked };
}

const always = { told: () => {}, going: () => true };
const busy = () => new RequestError('rate_limited', 'Too fast', { retryAfterMs: 1 });

test('all pages are put together, and one that was refused for now is asked for again', async () => {
  const { ask, asked } = server([{ records: [1, 2], more: true, cursor: 'a' }, busy(), { records: [3], more: false, cursor: '' }]);
  const counts = [];
  const data = await gatherOwnData(ask, { told: (count) => counts.push(count), going: () => true });
  assert.deepEqual(data, { userId: 'ana', guest: false, records: [1, 2, 3] });
  assert.deepEqual(asked, [undefined, 'a', 'a']);
  assert.deepEqual(counts, [2, 3]);
});

test('a page that never comes is not left out silently', async () => {
  const { ask } = server([{ records: [1], more: true, cursor: 'a' }, busy(), busy(), busy()]);
  await assert.rejects(gatherOwnData(ask, always), { code: 'rate_limited' });
  const refusing = server([new RequestError('forbidden', 'No', { retry: false })]);
  await assert.rejects(gatherOwnData(refusing.ask, always), { code: 'forbidden' });
  assert.equal(refusing.asked.length, 1);
});

test('who stops it asks no more', async () => {
  const { ask, asked } = server([{ records: [1], more: true, cursor: 'a' }]);
  assert.equal(await gatherOwnData(ask, { told: () => {}, going: () => asked.length === 0 }), null);
});
