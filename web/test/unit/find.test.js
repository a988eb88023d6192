import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Search } from '../../js/line/search.js';
import { Log } from '../../js/model/log.js';
import { excerptOf, foundIn } from '../../js/model/find.js';
import { settle } from './fakes.js';

const found = (text, query) => foundIn(text, query).map((part) => (part.found ? `[${part.text}]` : part.text)).join('');

test('words are marked at their beginning, without regard to case and accents', () => {
  for (const [text, query, want] of [
    ['The Café menu', 'cafe men', 'The [Café] [men]u'],
    ['a decade', 'cad', 'a decade'],
    ['STRASSE, straße', 'strasse', '[STRASSE], [straße]'],
    ['東京都', '京', '東[京]都'],
    ['cafe\u0301s', 'café', '[cafe\u0301]s'],
    ['fini. (fin)', 'fin', '[fin]i. ([fin])'],
    ['🦜 bird', 'bird', '🦜 [bird]'],
    ['<b>bold</b>', 'b', '<[b]>[b]old</[b]>'],
    ['nothing', '…', 'nothing'],
  ]) assert.equal(found(text, query), want);
});

test('a long text is shown from where it was found', () => {
  const parts = excerptOf(foundIn(`${'word '.repeat(200)}needle here`, 'needle'));
  assert.ok(parts[0].text.startsWith('…') && parts[0].text.length < 80);
  assert.equal(parts[1].text, 'needle');
});

const message = (seq) => ({ messageId: `m-${seq}`, seq, message: `text ${seq}`, sentAt: seq });

function searching(...answers) {
  const asked = [];
  const log = new Log();
  const search = new Search({ id: 'general', log }, {
    changed: () => {},
    ask: async (type, fields) => {
      asked.push(fields);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { data: answer };
    },
  });
  return { search, asked, log };
}

test('a search goes on where the last answer ended, and again where it failed', async () => {
  const lost = new Error('lost');
  const { search, asked } = searching({ messages: [message(9), message(7)], more: true, before: 6, since: 60 }, lost, { messages: [message(2)], more: false, before: 1, since: 10 });
  await search.start({ query: 'text', senderId: '', day: '' });
  assert.deepEqual([search.found.map((m) => m.seq), search.more, search.since, search.state], [[9, 7], true, 60, 'done']);
  await search.further();
  assert.equal(search.state, lost);
  await search.further();
  assert.deepEqual(asked, [{ roomId: 'general', query: 'text' }, { roomId: 'general', query: 'text', before: 6 }, { roomId: 'general', query: 'text', before: 6 }]);
  assert.deepEqual([search.found.map((m) => m.seq), search.more], [[9, 7, 2], false]);
});

test('a person and a day narrow a search', async () => {
  const { search, asked } = searching({ messages: [], more: false, before: 0 });
  await search.start({ query: '', senderId: 'ben', day: '2026-11-20' });
  assert.deepEqual(asked, [{ roomId: 'general', senderId: 'ben', sentBefore: new Date(2026, 10, 20).getTime() }]);
});

test('what was deleted is not found any more, what was edited reads as it is now', async () => {
  const { search } = searching({ messages: [message(2), message(1)], more: false, before: 1 });
  await search.start({ query: 'text', senderId: '', day: '' });
  search.renew({ ...message(2), message: '', deletedAt: 3, rev: 1 });
  search.renew({ ...message(1), message: 'text, edited', rev: 2 });
  search.renew({ ...message(1), message: 'text, edited before', rev: 1 });
  search.renew(message(5));
  assert.deepEqual(search.found.map((m) => m.message), ['text, edited']);
});

test('what was deleted while the answer was on its way is not found', async () => {
  const { search, log } = searching({ messages: [message(2), message(1)], more: false, before: 1 });
  log.raise(9);
  const answered = search.start({ query: 'text', senderId: '', day: '' });
  log.change({ seq: 10, changed: { ...message(2), message: '', deletedAt: 10, rev: 1 } });
  await answered;
  assert.deepEqual(search.found.map((m) => m.seq), [1]);
});

test('an answer to an earlier search is of no interest', async () => {
  const asked = [];
  const search = new Search({ id: 'general', log: new Log() }, { changed: () => {}, ask: () => new Promise((resolve) => { asked.push(resolve); }) });
  search.start({ query: 'first', senderId: '', day: '' });
  search.start({ query: 'second', senderId: '', day: '' });
  asked[1]({ data: { messages: [message(2)], more: false, before: 1 } });
  asked[0]({ data: { messages: [message(1)], more: false, before: 1 } });
  await settle();
  assert.deepEqual(search.found.map((m) => m.seq), [2]);
});
