import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signedIn, sound } from './desk.js';
import { launch, Person } from './people.js';
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
  if (beneath) await page.getByLabel('Beneath').selectOption({ label: beneath });
  await page.getByRole('radio', { name: kind }).check();
  await page.getByRole('button', { name: 'Create room' }).click();
  await page.locator('.conversation-title', { hasText: name }).waitFor();
  await page.locator('.transcript').waitFor();
}

async function menu({ page }, label, item) {
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function invite(person, who) {
  await menu(person, 'This room', 'Invite somebody…');
  await person.page.getByRole('combobox', { name: 'Person' }).fill(who);
  await person.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await person.page.getByText('is invited.').waitFor();
  await person.page.keyboard.press('Escape');
}

test('a private room is made beneath nothing, people are invited, and one who is removed is told so', async () => {
  const [ana, ben] = [await user('Ana'), await user('Ben')];
  await makeRoom(ana, 'Plans', { kind: 'Private', topic: 'What comes next' });
  assert.equal(await ben.page.getByText('Plans').count(), 0);
  await invite(ana, 'ben');
  await ben.page.getByRole('region', { name: 'Invitations' }).getByText('Ana Ruiz invites you').waitFor();
  await ben.page.getByRole('button', { name: 'Accept: Plans' }).click();
  await ben.page.locator('.conversation-title', { hasText: 'Plans' }).waitFor();
  await ben.page.getByRole('region', { name: 'Invitations' }).waitFor({ state: 'detached' });
  await ana.say('Between us');
  await ben.hears('Between us');
  await menu(ana, 'What to do with Ben Weber', 'Remove from the room…');
  await ana.page.getByRole('button', { name: 'Remove', exact: true }).click();
  await ben.page.getByText('You are not in Plans any more.').waitFor();
  await ben.page.getByText('You are not a member of this room any more.').waitFor();
  assert.equal(await ben.page.getByText('Between us').count(), 0);
  assert.equal(await ben.page.locator('.room-row', { hasText: 'Plans' }).count(), 0);
  await ben.page.getByRole('button', { name: 'Go to General' }).click();
  await ben.page.locator('.conversation-title', { hasText: 'General' }).waitFor();
  await ana.end();
  await ben.end();
});
