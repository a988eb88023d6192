import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Markers } from '../../js/line/markers.js';
import { Presence } from '../../js/line/presence.js';
import { Typing, wordsOfTyping } from '../../js/line/typing.js';
import { Log } from '../../js/model/log.js';
import { unreadOf } from '../../js/model/unread.js';
import { settle } from './fakes.js';

function clocked(name, run) {
  test(name, async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    try {
      await run();
    } finally {
      mock.timers.reset();
    }
  });
}

const pass = async (ms) => {
  mock.timers.tick(ms);
  await settle();
};

function typist() {
  const told = [];
  const typing = new Typing({ tell: (fields) => told.push(fields), every: () => 3000, changed: () => {} });
  return { typing, told };
}

clocked('who writes is told once in three seconds, and not in a crowd', async () => {
  const { typing, told } = typist();
  const room = { id: 'general', activeUsers: 5 };
  for (let i = 0; i < 40; i++) {
    typing.wrote(room, 'more and more');
    await pass(100);
  }
  assert.deepEqual(told, [{ roomId: 'general', on: true }, { roomId: 'general', on: true }]);
  await pass(3000);
  typing.wrote(room, '');
  typing.wrote(room, '');
  assert.deepEqual(told.at(-1), { roomId: 'general', on: false });
  assert.equal(told.length, 3);
  typing.wrote({ id: 'crowd', activeUsers: 101 }, 'hello');
  assert.equal(told.length, 3);
});

clocked('who is heard to write does so until they stop, send, or are silent for six seconds', async () => {
  const { typing } = typist();
  const hear = (userId, on = true) => typing.hear({ roomId: 'general', userId, username: userId.toUpperCase(), on });
  for (const id of ['ana', 'ben', 'chloe']) hear(id);
  hear('ana', false);
  typing.over('general', 'ben');
  assert.deepEqual(typing.in('general'), ['CHLOE']);
  await pass(4000);
  hear('ben');
  await pass(2000);
  assert.deepEqual(typing.in('general'), ['BEN']);
  await pass(4000);
  assert.deepEqual(typing.in('general'), []);
});

test('who writes is said in words', () => {
  const said = [[], ['Ana'], ['Ana', 'Ben'], ['a', 'b', 'c', 'd']].map(wordsOfTyping);
  assert.deepEqual(said, ['', 'Ana is typing', 'Ana and Ben are typing', '4 people are typing']);
});

function present(say = async () => {}) {
  const said = [];
  const presence = new Presence({
    limits: () => ({ awaySeconds: 300, presenceSeconds: 3 }),
    say: (status) => {
      said.push(status);
      return say(status);
    },
  });
  presence.connected();
  return { presence, said };
}

clocked('one is away after five minutes without a hand on the page, and back with one', async () => {
  const { presence, said } = present();
  await pass(200_000);
  presence.active();
  await pass(299_000);
  assert.deepEqual(said, []);
  await pass(2000);
  assert.deepEqual(said, ['away']);
  presence.active();
  await pass(3000);
  assert.deepEqual(said, ['away', 'online']);
});

clocked('one is busy by choice, also without a hand and on the next connection', async () => {
  const { presence, said } = present();
  presence.choose('busy');
  await pass(1);
  await pass(400_000);
  presence.disconnected();
  presence.connected();
  await pass(1);
  assert.deepEqual(said, ['busy', 'busy']);
});

clocked('of choices that follow each other fast only the last is said, when it may be', async () => {
  const { presence, said } = present();
  presence.choose('busy');
  await pass(1);
  for (const choice of ['online', 'busy', 'online']) presence.choose(choice);
  await pass(1000);
  assert.deepEqual(said, ['busy']);
  await pass(3000);
  assert.deepEqual(said, ['busy', 'online']);
});

function marking(fails = () => false) {
  const told = [];
  const markers = new Markers({
    every: () => 15_000,
    tell: async (fields) => {
      if (fails()) throw new Error('lost');
      told.push(fields.seq);
      room.keptRead = fields.seq;
    },
  });
  const room = { id: 'general', readSeq: 5, keptRead: 3 };
  const read = (seq) => {
    room.readSeq = seq;
    markers.moved(room);
  };
  return { markers, room, read, told };
}

clocked('what was read is told at once, then once in fifteen seconds', async () => {
  const { read, told } = marking();
  read(6);
  await pass(1);
  for (const seq of [7, 8, 9]) read(seq);
  await pass(14_000);
  assert.deepEqual(told, [6]);
  await pass(1000);
  assert.deepEqual(told, [6, 9]);
});

clocked('what the server knows already is not told', async () => {
  const { markers, room, told } = marking();
  room.keptRead = 5;
  markers.moved(room);
  room.keptRead = null; // it has not said yet
  markers.moved(room);
  await pass(20_000);
  assert.deepEqual(told, []);
});

clocked('what could not be told is told later', async () => {
  let lost = true;
  const { read, told } = marking(() => lost);
  read(6);
  await pass(1);
  lost = false;
  read(7);
  await pass(15_000);
  assert.deepEqual(told, [7]);
});

test('a room that was not loaded has the unread messages that the server counted, and what came since', () => {
  const log = new Log();
  log.raise(20);
  const counted = { readSeq: 10, head: 20, unread: 4 };
  assert.equal(unreadOf(log, 10, { id: 'me' }, counted).count, 4);
  log.raise(21);
  assert.equal(unreadOf(log, 10, { id: 'me' }, counted).count, 5);
  assert.equal(unreadOf(log, 21, { id: 'me' }, counted).count, 0, 'read since');
});
