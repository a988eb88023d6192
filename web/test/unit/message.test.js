import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEmoji } from '../../js/model/emoji.js';
import { Log } from '../../js/model/log.js';
import { isMine, mayDelete, mayEdit } from '../../js/model/message.js';

const message = (seq, more = {}) => ({ messageId: `m-${seq}`, seq, senderId: 'ben', message: `text ${seq}`, sentAt: seq * 1000, ...more });
const event = (seq, of, more) => ({ seq, messageId: `m-${of}`, changed: message(of, { rev: seq, ...more }) });
const page = (messages, more = {}) => ({
  from: messages[0].seq, to: messages.at(-1).seq, head: messages.at(-1).seq, missing: [], void: [], expired: null, more: false, messages, ...more,
});
const texts = (log) => log.messages.map((m) => m.message);

function logOf(count) {
  const log = new Log();
  log.merge(page(Array.from({ length: count }, (_, i) => message(i + 1))));
  return log;
}

test('events change a message in the order of their numbers, however they come', () => {
  const log = logOf(2);
  log.change(event(4, 1, { message: 'second edit' }));
  log.change(event(3, 1, { message: 'first edit' }));
  assert.deepEqual([texts(log), log.gaps()], [['second edit', 'text 2'], []]);
});

test('a deleted message does not come back with an older copy of it', () => {
  const log = logOf(1);
  log.change(event(3, 1, { message: '', deletedAt: 3000 }));
  log.add(message(1));
  log.change(event(2, 1, { message: 'edited before' }));
  log.merge(page([message(1)]));
  assert.deepEqual(texts(log), ['']);
});

test('why a message was deleted is told apart from that it was, and stays in either order', () => {
  const deleted = event(2, 1, { message: '', deletedAt: 2000 });
  for (const steps of [['note', 'change'], ['change', 'note']]) {
    const log = logOf(1);
    for (const step of steps) step === 'note' ? log.noteReason('m-1', 'Spam') : log.change(deleted);
    log.noteReason('m-9', 'of a message that is not here');
    assert.deepEqual([log.get('m-1').deletedFor, log.get('m-1').deletedAt], ['Spam', 2000], steps.join());
  }
});

test('an event that overtakes its message brings it along, and the message brings nothing older', () => {
  const log = logOf(1);
  const fresh = log.change(event(3, 2, { message: '', deletedAt: 3000 }));
  assert.equal(fresh.messageId, 'm-2');
  assert.equal(log.add(message(2, { message: 'what was deleted' })), false);
  assert.deepEqual([texts(log), log.gaps()], [['text 1', ''], []]);
});

test('an event of a message that is not held does nothing but take its number', () => {
  const log = new Log();
  log.merge(page([message(10), message(11)]));
  assert.equal(log.change(event(12, 4, { message: 'of long ago' })), null);
  assert.deepEqual([texts(log), log.gaps(), log.cursor], [['text 10', 'text 11'], [], 12]);
});

test('what became of messages while away comes with the page', () => {
  const log = logOf(2);
  log.merge({ ...page([message(5)]), from: 3, changed: [message(1, { rev: 3, message: 'edited' }), message(2, { rev: 4, message: '', deletedAt: 1 })] });
  assert.deepEqual(texts(log), ['edited', '', 'text 5']);
});

test('a window far from the newest hears what became of its messages too', () => {
  const log = logOf(10);
  log.keepFirst(4);
  log.merge({ ...page([message(15)], { head: 15 }), changed: [message(2, { rev: 14, message: 'edited' })] });
  log.change(event(16, 3, { message: 'edited too' }));
  assert.deepEqual([texts(log), log.head, log.detached], [['text 1', 'edited', 'edited too', 'text 4'], 16, true]);
});

test('one’s own reactions stay marked when others react', () => {
  const log = logOf(1);
  log.change(event(2, 1, { reactions: [{ emoji: '👍', count: 1 }] }), { emoji: '👍', on: true });
  log.change(event(3, 1, { reactions: [{ emoji: '👍', count: 2 }, { emoji: '🎉', count: 1 }] }));
  assert.deepEqual(['👍', '🎉'].map((emoji) => isMine(log.messages[0], emoji)), [true, false]);
  log.change(event(4, 1, { reactions: [{ emoji: '👍', count: 1 }] }), { emoji: '👍', on: false });
  assert.equal(isMine(log.messages[0], '👍'), false);
});

test('of one’s own reactions the last one counts, also when an earlier one comes late', () => {
  const log = logOf(1);
  log.change(event(3, 1, { reactions: [{ emoji: '👍', count: 1 }] }), { emoji: '👍', on: false });
  log.change(event(2, 1, { reactions: [{ emoji: '👍', count: 2 }] }), { emoji: '👍', on: true });
  assert.deepEqual(log.messages[0].reactions, [{ emoji: '👍', count: 1, mine: false }]);
});

test('an answer says which reactions are one’s own', () => {
  const log = logOf(1);
  log.change(event(2, 1, { reactions: [{ emoji: '👍', count: 1 }] }));
  log.merge({ ...page([message(1, { rev: 2, reactions: [{ emoji: '👍', count: 1, mine: true }] })]) });
  assert.equal(isMine(log.messages[0], '👍'), true);
});

test('going to another part of the log holds that part only', () => {
  const log = logOf(3);
  log.raise(100);
  log.openAt(page([message(40), message(41)], { head: 100 }));
  assert.deepEqual([texts(log), log.first, log.last, log.detached, log.holds(41)], [['text 40', 'text 41'], 40, 41, true, true]);
  log.openAt(page([message(99), message(100)]));
  assert.equal(log.detached, false);
});

test('the author edits for a while, the author and moderators delete', () => {
  const me = { id: 'ben' };
  const own = message(1);
  assert.equal(mayEdit(own, { me, seconds: 60, now: 60_999 }), true);
  assert.equal(mayEdit(own, { me, seconds: 60, now: 61_000 }), false);
  assert.equal(mayEdit(own, { me: { id: 'ana' }, seconds: 60, now: 1 }), false);
  assert.equal(mayEdit({ ...own, deletedAt: 1 }, { me, seconds: 60, now: 1 }), false);
  assert.deepEqual([false, true].map((keeps) => mayDelete(own, { me: { id: 'ana' }, keeps })), [false, true]);
  assert.deepEqual([false, true].map((keeps) => mayDelete(own, { me, keeps })), [true, true]);
  assert.equal(mayDelete({ ...own, deletedAt: 1 }, { me, keeps: true }), false);
});

test('an emoji is one sign, a flag or a key', () => {
  for (const emoji of ['👍', '👍🏽', '❤️', '❤', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇳🇴', '1️⃣', '#⃣']) assert.equal(isEmoji(emoji), true, emoji);
  for (const text of ['', 'a', '1', 'no', '👍👍', '👍 ', '🇳', ':-)']) assert.equal(isEmoji(text), false, text);
});
