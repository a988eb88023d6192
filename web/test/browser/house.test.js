import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { signedIn, sound } from './desk.js';
import { launch, menu, reconnected } from './people.js';
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

async function makeRoom({ page }, name, { kind = 'Public', topic = '', beneath = null } = {}) {
  await page.getByRole('button', { name: 'New room' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Topic').fill(topic);
  if (beneath) await page.getByLabel('Beneath', { exact: true }).selectOption({ label: beneath });
  await page.getByRole('radio', { name: kind }).check();
  await page.getByRole('button', { name: 'Create room' }).click();
  await page.locator('.conversation-title', { hasText: name }).waitFor();
  await page.locator('.transcript').waitFor();
}

async function invite(person, who) {
  await menu(person, 'This room', 'Invitations…');
  await person.page.getByRole('combobox', { name: 'Person' }).fill(who);
  await person.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await person.page.getByText('is invited.').waitFor();
  await person.page.keyboard.press('Escape');
}

test('a private room is made, people are invited, and one who is removed is told so', async () => {
  const [ana, ben] = [await user('Ana'), await user('Ben')];
  await makeRoom(ana, 'Plans', { kind: 'Private', topic: 'What comes next' });
  assert.equal(await ben.page.getByText('Plans').count(), 0);
  await invite(ana, 'ben');
  await ben.page.getByRole('region', { name: 'Invitations' }).getByText('Ana Ruiz invites you').waitFor();
  await sound(ben.page, 'invitation');
  await ben.page.getByRole('button', { name: 'Accept: Plans' }).click();
  await ben.page.locator('.conversation-title', { hasText: 'Plans' }).waitFor();
  await ben.page.getByRole('region', { name: 'Invitations' }).waitFor({ state: 'detached' });
  await ana.say('Between us');
  await ben.hears('Between us');
  await ben.page.getByRole('complementary', { name: 'People' }).getByText('Ana Ruiz').waitFor();
  await ben.page.keyboard.press('Control+Shift+F');
  await ben.page.getByRole('searchbox', { name: 'Words to search for' }).fill('between');
  await ben.page.keyboard.press('Enter');
  await ben.page.locator('.found-text', { hasText: 'Between us' }).waitFor();
  await ana.page.locator('.composer textarea').pressSequentially('what comes next is only begun, and', { delay: 100 }); // it is told every three seconds
  await ben.page.getByText('Ana Ruiz is typing').waitFor();
  await menu(ana, 'What to do with Ben Weber', 'Remove from the room…');
  await ana.page.getByRole('button', { name: 'Remove', exact: true }).click();
  await ben.page.getByText('You are not in Plans any more.').waitFor();
  assert.equal(await ben.page.getByText('Ana Ruiz is typing').count(), 0, 'before it would be over by itself');
  await ben.page.getByText('You are not a member of this room any more.').waitFor();
  await sound(ben.page, 'put out');
  await ben.page.getByRole('complementary', { name: 'Search' }).waitFor({ state: 'detached' });
  const seen = (text) => ben.page.locator('main, aside').getByText(text).count();
  assert.deepEqual([await seen('Between us'), await seen('Ana Ruiz'), await seen('more are on')], [0, 0, 0], 'what was said and found, and who is there');
  assert.equal(await ben.page.getByLabel('Loading people').count(), 0, 'nothing more is to come');
  assert.equal(await ben.page.locator('.room-row', { hasText: 'Plans' }).count(), 0);
  const asked = await reconnected(ben);
  assert.ok(!asked.includes('join_room'), `a page that was put out asks for ${asked}`);
  await ben.page.getByText('You are not a member of this room any more.').waitFor();
  await ben.page.getByRole('button', { name: 'Go to General' }).click();
  await ben.page.locator('.conversation-title', { hasText: 'General' }).waitFor();
  await ana.end();
  await ben.end();
});

test('rules, roles and the room itself are changed, and everybody sees it', async () => {
  const [ana, ben] = [await user('Ana'), await user('Ben')];
  await makeRoom(ana, 'Parts');
  await makeRoom(ana, 'Bolts', { beneath: 'Parts' });
  await ana.page.getByRole('list', { name: 'Beneath Parts' }).getByText('Bolts').waitFor();
  for (const room of ['Parts', 'Bolts']) {
    await ben.page.getByRole('searchbox').fill(room);
    await ben.open(room);
  }
  await ben.page.getByRole('list', { name: 'Beneath Parts' }).getByText('Bolts').waitFor();
  await ana.open('Parts');
  await menu(ana, 'This room', 'Settings of this room…');
  await sound(ana.page, 'settings');
  await ana.page.getByLabel('Topic').fill('What holds what');
  await ana.page.getByLabel('Who writes').selectOption('yes');
  await ana.page.getByRole('button', { name: 'Save' }).click();
  await ana.page.locator('.topic', { hasText: 'What holds what' }).waitFor();
  await ben.page.getByText('This room is locked: only its moderators write.').waitFor(); // beneath, where he is
  assert.ok(await ben.page.getByRole('button', { name: 'Send' }).isDisabled());
  await ana.open('Bolts');
  await menu(ana, 'This room', 'Settings of this room…');
  assert.equal(await ana.page.getByLabel('Who writes').locator('option:checked').textContent(), 'As in Parts');
  await ana.page.getByLabel('Who writes').selectOption('no');
  await ana.page.getByRole('button', { name: 'Save' }).click();
  await ben.page.getByText('This room is locked').waitFor({ state: 'detached' });

  await menu(ana, 'What to do with Ben Weber', 'Make a moderator');
  await ana.page.locator('.person-row', { hasText: 'Ben Weber' }).getByText('moderator').waitFor();
  await menu(ben, 'This room', 'Settings of this room…');
  await ben.page.getByRole('dialog', { name: 'Settings of Bolts' }).waitFor();
  assert.equal(await ben.page.getByLabel('Who can come in').count(), 0, 'a moderator does not govern');
  await ben.page.keyboard.press('Escape');
  await ben.page.getByRole('dialog').waitFor({ state: 'detached' });
  await menu(ana, 'What to do with Ben Weber', 'Make the owner…');
  await ana.page.getByRole('button', { name: 'Hand the room over' }).click();
  await ben.page.locator('.person-row', { hasText: 'Ben Weber' }).getByText('you').waitFor();
  await menu(ben, 'What to do with Ana Ruiz', 'Take the moderator’s role');
  await ben.page.locator('.person-row', { hasText: 'Ana Ruiz' }).getByText('moderator').waitFor({ state: 'detached' });
  await ana.page.getByRole('button', { name: 'This room' }).click();
  await ana.page.getByRole('menuitem', { name: 'Keyboard' }).waitFor();
  assert.equal(await ana.page.getByRole('menuitem', { name: 'Settings of this room…' }).count(), 0);
  await ana.end();
  await ben.end();
});

test('an invitation is declined', async () => {
  const [ana, ben] = [await user('Ana'), await user('Ben')];
  await makeRoom(ana, 'Attic', { kind: 'Private' });
  await invite(ana, 'ben');
  await ben.page.getByRole('button', { name: 'Decline: Attic' }).click();
  await ben.page.getByRole('region', { name: 'Invitations' }).waitFor({ state: 'detached' });
  await ana.end();
  await ben.end();
});

test('somebody is muted, kicked, banned and let in again, and reads why', async () => {
  const [ana, ben] = [await user('Ana'), await user('Ben')];
  await makeRoom(ana, 'Order');
  await ben.page.getByRole('searchbox').fill('Order');
  await ben.open('Order');
  await ben.say('Buy lamps');
  await ana.hears('Buy lamps');
  const act = async (what, reason, span) => {
    await ana.page.getByRole('radio', { name: new RegExp(`^${what}`, 'u') }).check();
    if (span) await ana.page.getByLabel('For').selectOption({ label: span });
    await ana.page.getByLabel('Reason').fill(reason);
    if (span) await sound(ana.page, what);
    await ana.page.keyboard.press('Enter');
    await ana.page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await ana.message('Buy lamps').hover();
  await menu(ana, 'More about this message', 'Mute, kick or ban Ben Weber…');
  await act('Mute', 'Too loud', '1 hour');
  await ana.page.getByText(/^Ben Weber is muted in Order until .*: Too loud$/u).waitFor();
  await ben.page.getByText(/^You are muted here until .*: Too loud$/u).waitFor();
  await ben.page.reload();
  await ben.ready();
  await ben.page.getByText(/^You are muted here until .*: Too loud$/u).waitFor();
  await ben.page.goto('about:blank');
  await ana.message('Buy lamps').hover();
  await menu(ana, 'More about this message', 'Mute, kick or ban Ben Weber…');
  await act('Lift a mute', 'Calm again'); // while he is away
  await ben.page.goto(`${stack.page}/#room/order`);
  await ben.ready();
  await ben.page.getByText('You are muted here').waitFor({ state: 'detached' });
  await ben.say('Thank you');
  await ana.hears('Thank you');

  await menu(ana, 'What to do with Ben Weber', 'Mute, kick or ban…');
  await act('Ban', 'Sells lamps', 'good');
  await ben.page.getByText('You are banned from this room: Sells lamps').waitFor();
  await ben.page.getByRole('button', { name: 'Try to come back' }).click();
  await ben.page.getByText('This room cannot be opened.').waitFor();
  await menu(ana, 'This room', 'Mute or ban somebody…');
  await ana.page.getByRole('combobox', { name: 'Person' }).fill('Ben Weber');
  await act('Lift a ban', 'Promised to be kind');
  await ben.page.getByRole('button', { name: 'Try again' }).click();
  await ben.hears('Buy lamps');

  await menu(ana, 'What to do with Ben Weber', 'Mute, kick or ban…');
  await act('Kick', 'Flood');
  await ben.page.getByText(/Flood/u).first().waitFor();
  await ana.end();
  await ben.end();
});

test('everybody gets what is kept of them, and nothing of others', async () => {
  const [chloe, ben] = [await user('Chlo'), await user('Ben')];
  await chloe.say('Chloé was here');
  await ben.say('Ben was too');
  await chloe.hears('Ben was too');
  await menu(chloe, 'You and this page', 'Download my data…');
  const coming = chloe.page.waitForEvent('download');
  await chloe.page.getByRole('button', { name: 'Download', exact: true }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /^switchboard-\d{4}-\d\d-\d\d\.json$/u);
  const { userId, records } = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.equal(userId, 'chloe');
  assert.deepEqual(records.filter(({ kind }) => kind === 'message').map(({ message }) => message.message), ['Chloé was here']);
  assert.ok(records.some(({ kind, roomId }) => kind === 'membership' && roomId === 'general'));
  await chloe.page.getByText(`${records.length} records are in the file.`).waitFor();
  await chloe.end();
  await ben.end();
});

test('every dialog opens, is sound and closes by the keyboard alone, and the focus goes back', async () => {
  const ana = await user('Ana');
  await makeRoom(ana, 'Cellar', { kind: 'Unlisted' });
  const { page } = ana;
  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('complementary', { name: 'Search' }).waitFor();
  for (const [button, item, title] of [
    ['This room', 'Invitations…', 'Invite to Cellar'], ['This room', 'Settings of this room…', 'Settings of Cellar'],
    ['This room', 'Mute or ban somebody…', 'Keep order: somebody in Cellar'], ['This room', 'Muted and banned people…', 'Muted and banned in Cellar'],
    ['This room', 'Leave this room…', 'Leave Cellar?'],
    ['You and this page', 'Download my data…', 'Download my data'],
  ]) {
    const opener = page.getByRole('button', { name: button });
    await opener.focus();
    await page.keyboard.press('Enter');
    const choice = page.getByRole('menuitem', { name: item });
    const most = await page.getByRole('menu').locator('[data-item]').count();
    for (let steps = 0; steps < most && !(await choice.evaluate((it) => it === document.activeElement)); steps++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: title }).waitFor();
    assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null), `the focus is in ${title}`);
    await sound(page, title);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${title} fits 360 px`);
    await page.setViewportSize({ width: 1280, height: 832 });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.ok(await opener.evaluate((it) => it === document.activeElement), `the focus is back from ${title}`);
  }
  assert.equal(await page.getByRole('complementary', { name: 'Search' }).count(), 1, 'what lay beneath the dialogs is as it was');
  await ana.end();
});
