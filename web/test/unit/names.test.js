import assert from 'node:assert/strict';
import { test } from 'node:test';
import { privateRoomId, roomIdOf, titleOf } from '../../js/model/names.js';
import { hashOfPerson, hashOfRoom, wantedIn } from '../../js/view/route.js';

test('a name becomes the id of a room, or says why not', () => {
  for (const [name, id] of [['Launch desk', 'launch_desk'], ['  Café  à  deux ', 'cafe_a_deux'], ['a.b:c-d_e', 'a.b:c-d_e']]) {
    assert.deepEqual(roomIdOf(name), { id });
  }
  for (const name of ['', '   ', 'غرفة', 'a/b', 'dm_x', 'R_x', 'a'.repeat(65)]) assert.ok(roomIdOf(name).problem, name);
  assert.equal(titleOf('launch_desk'), 'Launch desk');
});

test('a conversation of two has the server’s id, from either side', async () => {
  const want = 'dm_P-9BSBBRtQB305YYam4QtQiTsRwq9LHtyNy9nsaTiUo';
  assert.equal(await privateRoomId('alice', 'bob'), want);
  assert.equal(await privateRoomId('bob', 'alice'), want);
  assert.notEqual(await privateRoomId('alice', 'bo'), want);
});

test('addresses lead to rooms and people, whatever is in their ids', () => {
  for (const id of ['general', 'guest:01KJ', 'sha256:ab/c', 'a b%']) {
    assert.deepEqual(wantedIn(hashOfRoom(id)), { room: id });
    assert.deepEqual(wantedIn(hashOfPerson(id)), { person: id });
  }
  for (const hash of ['', '#', '#room/', '#room/%E0%A4%A', '#admin/x']) assert.equal(wantedIn(hash), null, hash);
});
