import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signedIn, sound } from './desk.js';
import { launch, menu } from './people.js';
import { startStack } from './stack.js';

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

async function user(first, options) {
  const person = await signedIn(browser, stack.page, first, options);
  await person.ready();
  return person;
}

async function find(person, room) {
  await person.page.getByRole('searchbox').fill(room);
  await person.open(room);
  await person.page.locator('.transcript').waitFor();
}

async function makeRoom({ page }, name, kind = 'Public') {
  await page.getByRole('button', { name: 'New room' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('radio', { name: kind }).check();
  await page.getByRole('button', { name: 'Create room' }).click();
  await page.locator('.conversation-title', { hasText: name }).waitFor();
  await page.locator('.transcript').waitFor();
}

// Does something about the person whom the open dialog is about.
async function act({ page }, what, reason) {
  await page.getByRole('radio', { name: new RegExp(`^${what}`, 'u') }).check();
  await page.getByLabel('Reason').fill(reason);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('a moderator of the deployment keeps order in a room of others, and lifts there what holds', async () => {
  const [olga, ben, mia] = [await user('Ana'), await user('Ben'), await user('Mia')];
  await makeRoom(olga, 'Harbour');
  for (const person of [ben, mia]) await find(person, 'Harbour');
  await ben.say('Cheap lamps');
  await mia.hears('Cheap lamps');

  await mia.message('Cheap lamps').hover();
  await menu(mia, 'More about this message', 'Delete…');
  const dialog = mia.page.getByRole('dialog', { name: 'Delete this message of Ben Weber?' });
  await dialog.getByRole('button', { name: 'Delete message' }).click();
  await dialog.getByText('Say why: they read it.').waitFor();
  await sound(mia.page, 'deletion without a reason');
  await dialog.getByLabel('Reason, which Ben Weber reads').fill('Advertising');
  await dialog.getByRole('button', { name: 'Delete message' }).click();
  await dialog.waitFor({ state: 'detached' });
  await ben.page.getByText('A moderator deleted your message in Harbour: Advertising').waitFor();
  await ben.page.getByText('Mia Okafor deleted your message: Advertising').waitFor();
  await olga.page.getByText('Message deleted by a moderator.').waitFor();
  assert.equal(await olga.page.getByText('Advertising').count(), 0, 'only the author is told why');
  await ben.page.reload();
  await ben.ready();
  await ben.page.getByText('Mia Okafor deleted your message: Advertising').waitFor();

  await menu(mia, 'What to do with Ben Weber', 'Mute, kick or ban…');
  await act(mia, 'Mute', 'Too loud');
  await ben.page.getByText(/^You are muted here until .*: Too loud$/u).waitFor();
  await menu(olga, 'What to do with Ben Weber', 'Mute, kick or ban…');
  await act(olga, 'Ban', 'Louder');
  await ben.page.getByText('You are banned from this room: Louder').waitFor();
  await menu(mia, 'This room', 'Muted and banned people…');
  const people = mia.page.getByRole('dialog', { name: 'Muted and banned in Harbour' });
  await people.getByText(/^Banned until .* by Ana Ruiz: Louder$/u).waitFor();
  await people.getByText(/^Muted until .* by you: Too loud$/u).waitFor();
  await sound(mia.page, 'muted and banned people');
  await people.getByRole('button', { name: 'Unban Ben Weber' }).click();
  await people.getByRole('button', { name: 'Cancel' }).click();
  await people.getByRole('button', { name: 'Unban Ben Weber' }).click();
  await mia.page.keyboard.press('Enter'); // the reason has the focus
  await people.getByText('Say why: they read it.').waitFor();
  await mia.page.keyboard.type('Promised to be kind');
  await sound(mia.page, 'a ban is lifted');
  await mia.page.keyboard.press('Enter');
  await people.getByText('Ben Weber can come in again.').waitFor();
  await people.getByText(/^Banned until/u).waitFor({ state: 'detached' });
  assert.equal(await mia.page.evaluate(() => document.activeElement.textContent), 'Close', 'the focus stays in the dialog');
  await people.getByRole('button', { name: 'Unmute Ben Weber' }).click();
  await mia.page.keyboard.type('Calm again');
  await mia.page.keyboard.press('Enter');
  await people.getByText('Nobody is muted or banned here.').waitFor();
  await mia.page.keyboard.press('Escape');
  await ben.page.getByRole('button', { name: 'Try to come back' }).click();
  await ben.page.locator('.transcript').waitFor();
  await ben.say('Thank you');
  await olga.hears('Thank you');

  await menu(mia, 'This room', 'Lock this room');
  await ben.page.getByText('This room is locked: only its moderators write.').waitFor();
  await mia.say('Quiet for a moment');
  await ben.hears('Quiet for a moment');
  await menu(mia, 'This room', 'Unlock this room');
  await ben.page.getByText('This room is locked').waitFor({ state: 'detached' });
  await Promise.all([olga.end(), ben.end(), mia.end()]);
});

test('ops and users are offered nothing of this', async () => {
  const [omar, chloe] = [await user('Omar'), await user('Chlo')];
  await chloe.say('Hello');
  await omar.hears('Hello');
  await omar.message('Hello').hover();
  await omar.page.getByRole('button', { name: 'More about this message' }).click();
  await omar.page.getByRole('menuitem', { name: 'Report…' }).waitFor();
  assert.deepEqual(await omar.page.getByRole('menuitem').allTextContents(), ['ReplyR', 'Copy textC', 'Report…']);
  await omar.page.keyboard.press('Escape');
  assert.equal(await omar.page.getByRole('button', { name: 'What to do with' }).count(), 0);
  await omar.page.getByRole('button', { name: 'This room' }).click();
  await omar.page.getByRole('menuitem', { name: 'Keyboard' }).waitFor();
  assert.equal(await omar.page.getByRole('menuitem', { name: 'Muted and banned people…' }).count(), 0);
  await Promise.all([omar.end(), chloe.end()]);
});

test('an invitation is withdrawn by whoever may invite', async () => {
  const [ana, dev] = [await user('Ana'), await user('Dev')];
  await makeRoom(ana, 'Attic', 'Private');
  await menu(ana, 'This room', 'Invitations…');
  const invited = ana.page.getByRole('region', { name: 'Invited' });
  await invited.getByText('Nobody has an open invitation.').waitFor();
  await ana.page.getByRole('combobox', { name: 'Person' }).fill('dev');
  await ana.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await dev.page.getByRole('region', { name: 'Invitations' }).getByText('Ana Ruiz invites you').waitFor();
  await invited.getByText(/^By you, until /u).waitFor();
  await sound(ana.page, 'invitations');
  await invited.getByRole('button', { name: 'Withdraw: Dev Patel' }).click();
  await ana.page.getByText('Dev Patel is not invited any more.').waitFor();
  await invited.getByText('Nobody has an open invitation.').waitFor();
  await dev.page.getByRole('region', { name: 'Invitations' }).waitFor({ state: 'detached' });
  await ana.page.getByRole('combobox', { name: 'Person' }).fill('ana');
  await ana.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await ana.page.getByText('is a member already.').waitFor();
  await Promise.all([ana.end(), dev.end()]);
});

test('who was put out while away is told when they are back, and the room is gone', async () => {
  const [ana, dev] = [await user('Ana'), await user('Dev')];
  await makeRoom(ana, 'Cellar', 'Private');
  await menu(ana, 'This room', 'Invitations…');
  await ana.page.getByRole('combobox', { name: 'Person' }).fill('dev');
  await ana.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await dev.page.getByRole('button', { name: 'Accept: Cellar' }).click();
  await dev.page.locator('.conversation-title', { hasText: 'Cellar' }).waitFor();
  await dev.page.locator('.transcript').waitFor();
  await dev.open('General');
  await dev.page.locator('.transcript').waitFor();
  await dev.page.goto('about:blank');
  await ana.page.keyboard.press('Escape');
  await ana.page.getByRole('region', { name: 'Off', exact: true }).getByText('Dev Patel').waitFor(); // rows that move close their menus
  await menu(ana, 'What to do with Dev Patel', 'Remove from the room…');
  await ana.page.getByRole('button', { name: 'Remove', exact: true }).click();
  await ana.page.getByRole('dialog').waitFor({ state: 'detached' });
  await dev.page.goto(stack.page);
  await dev.page.getByText('You are not in Cellar any more. It is not there any more, or not open to you.').waitFor();
  assert.equal(await dev.page.locator('.room-row', { hasText: 'Cellar' }).count(), 0);
  await Promise.all([ana.end(), dev.end()]);
});

// Has so many people muted in a room of its own, by frames alone.
function crowd(page, api, people) {
  return page.evaluate(async ([api, people]) => {
    const enter = (name) => new Promise((resolve, reject) => {
      const socket = new WebSocket(`${api}?token=valid_${name}&userId=${name}&username=${name}&roomId=lobby`);
      socket.onmessage = ({ data }) => JSON.parse(data).type === 'welcome' && resolve(socket);
      socket.onerror = reject;
    });
    const olga = await enter('olga');
    const ask = (fields) => new Promise((resolve) => {
      const id = crypto.randomUUID();
      olga.addEventListener('message', ({ data }) => JSON.parse(data).ref === id && resolve(JSON.parse(data)));
      olga.send(JSON.stringify({ ...fields, id }));
    });
    await ask({ type: 'create_room', roomId: 'crowd', name: 'Crowd' });
    const done = [];
    for (let n = 10; n < 10 + people; n++) {
      (await enter(`u${n}`)).close();
      done.push((await ask({ type: 'mute_user', roomId: 'crowd', userId: `u${n}`, seconds: 600, reason: 'Loud' })).type);
    }
    olga.close();
    return done;
  }, [api, people]);
}

test('a long list of muted people comes in pages', async () => {
  const mia = await user('Mia');
  assert.deepEqual(new Set(await crowd(mia.page, stack.api, 17)), new Set(['moderated']));
  await find(mia, 'Crowd');
  await menu(mia, 'This room', 'Muted and banned people…');
  const people = mia.page.getByRole('dialog', { name: 'Muted and banned in Crowd' });
  await people.getByRole('button', { name: 'Unmute u24' }).waitFor();
  assert.equal(await people.getByRole('listitem').count(), 15);
  await people.getByRole('button', { name: 'Show more' }).click();
  await people.getByRole('button', { name: 'Unmute u26' }).waitFor();
  assert.equal(await people.getByRole('listitem').count(), 17);
  assert.equal(await people.getByRole('button', { name: 'Show more' }).count(), 0);
  await mia.page.setViewportSize({ width: 390, height: 780 });
  assert.ok(await mia.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits 390 px');
  await sound(mia.page, 'a long list');
  await mia.end();
});

test('a message is reported, with a reason and a comment', async () => {
  const [chloe, ben] = [await user('Chlo'), await user('Ben')];
  await ben.say('Cheap lamps');
  await chloe.message('Cheap lamps').hover();
  await menu(chloe, 'More about this message', 'Report…');
  await sound(chloe.page, 'report');
  await chloe.page.getByLabel('Why').selectOption('Something else');
  await chloe.page.getByLabel('What moderators should know').fill('The third time');
  await chloe.page.getByRole('button', { name: 'Report message' }).click();
  await chloe.page.getByText('The moderators will look at it. Ben Weber is not told who reported it.').waitFor();
  await chloe.page.keyboard.press('Escape');
  await ben.message('Cheap lamps').hover();
  await ben.page.getByRole('button', { name: 'More about this message' }).click();
  await ben.page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  assert.equal(await ben.page.getByRole('menuitem', { name: 'Report…' }).count(), 0, 'nobody reports themselves');
  await chloe.end();
  await ben.end();
});
