import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { live, signedIn, sound } from './desk.js';
import { launch } from './people.js';
import { startStack } from './stack.js';

const refusedHandshake = /WebSocket connection to/u;

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

const talker = async (first) => {
  const person = await signedIn(browser, stack.page, first);
  await person.ready();
  return person;
};

const open = async (moderator, path) => {
  await moderator.page.goto(`${stack.dashboard}${path}`);
  await live(moderator.page);
};

test('who is muted from the dashboard cannot write, and can again', async () => {
  const [ana, ben, mia] = [await talker('Ana'), await talker('Ben'), await signedIn(browser, stack.dashboard, 'Mia')];
  await open(mia, '/person?id=ana');
  await mia.page.getByRole('link', { name: 'Mute…' }).click();
  await mia.page.getByRole('heading', { name: 'Mute Ana Ruiz everywhere?' }).waitFor();
  await sound(mia.page, 'mute');
  await mia.page.getByLabel('Reason').fill('All capitals');
  await mia.page.getByRole('button', { name: 'Mute Ana Ruiz' }).click();
  await mia.page.getByText('Muted everywhere until').first().waitFor();
  await ana.page.getByText('All capitals').first().waitFor();
  await sound(mia.page, 'muted person');

  await mia.page.getByRole('link', { name: 'Unmute Ana Ruiz everywhere' }).click();
  await mia.page.getByLabel('Reason').fill('Said sorry');
  await mia.page.getByRole('button', { name: 'Unmute Ana Ruiz' }).click();
  await mia.page.getByRole('link', { name: 'Unmute Ana Ruiz everywhere' }).waitFor({ state: 'detached' });
  await ana.page.locator('.composer textarea:enabled').waitFor();
  await ana.say('Sorry');
  await ben.hears('Sorry');
  await Promise.all([ana.end(), ben.end(), mia.end()]);
});

test('a message that is deleted from the dashboard goes from every page', async () => {
  const [ana, ben, mia] = [await talker('Ana'), await talker('Ben'), await signedIn(browser, stack.dashboard, 'Mia')];
  await ana.say('Buy my cards');
  await ben.hears('Buy my cards');
  await open(mia, '/room?id=general');
  const line = mia.page.locator('.transcript li', { hasText: 'Buy my cards' });
  await line.waitFor();
  await line.getByRole('link', { name: /^Delete what/u }).press('Enter');
  await mia.page.getByLabel('Reason').fill('Advertising');
  await sound(mia.page, 'delete');
  await mia.page.getByRole('button', { name: 'Delete 1 message' }).click();
  await ben.message('Buy my cards').waitFor({ state: 'detached' });
  await mia.page.locator('.transcript').getByText('Buy my cards').waitFor({ state: 'detached' });
  await Promise.all([ana.end(), ben.end(), mia.end()]);
});

test('who is banned is put out, and a token that is still good does not bring them back', async () => {
  const [ana, ben, mia] = [await talker('Ana'), await talker('Ben'), await signedIn(browser, stack.dashboard, 'Mia')];
  const on = ben.page.getByRole('region', { name: 'On', exact: true }).locator('.person-name', { hasText: 'Ana' });
  await on.waitFor();
  await open(mia, '/people?name=ana');
  await sound(mia.page, 'found');
  await mia.page.getByRole('link', { name: 'Ana Ruiz' }).click();
  await mia.page.getByRole('link', { name: 'Ban…' }).click();
  await mia.page.getByRole('heading', { name: 'Ban Ana Ruiz everywhere?' }).waitFor();
  await sound(mia.page, 'ban');
  await mia.page.getByLabel('Reason').fill('Spam');
  await mia.page.getByRole('button', { name: 'Ban Ana Ruiz' }).click();
  await mia.page.getByText('Banned everywhere until').first().waitFor();
  await ana.page.getByText('Spam').first().waitFor();
  await mia.page.getByText('Not connected').first().waitFor();
  await on.waitFor({ state: 'detached' }); // a member who is not there stays among the members

  const again = await ana.context.newPage();
  const refused = again.waitForEvent('websocket').then((socket) => new Promise((resolve) => socket.once('close', resolve)));
  await again.goto(stack.page);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.locator('button.person', { hasText: 'Ana' }).click();
  await refused;
  assert.equal(await on.count(), 0);

  await open(mia, '/audit');
  await mia.page.getByText(/Verified up to entry \d+, the last\./u).waitFor();
  await sound(mia.page, 'audit');
  await ana.end(refusedHandshake);
  await Promise.all([ben.end(), mia.end()]);
});

test('reports and erasing are for everybody, in both themes', async () => {
  const [ben, ada] = [await talker('Ben'), await signedIn(browser, stack.dashboard, 'Ada')];
  await open(ada, '/reports');
  await ada.page.getByText('Nothing waits').waitFor();
  await sound(ada.page, 'reports');
  await open(ada, '/person?id=ben');
  await ada.page.getByRole('link', { name: 'Erase…' }).click();
  await ada.page.getByRole('heading', { name: 'Erase Ben Weber?' }).waitFor();
  await sound(ada.page, 'erase');
  await ada.page.getByLabel('Reason').fill('Asked for it');
  await ada.page.getByLabel('To confirm, type').fill('ben');
  await ada.page.getByRole('button', { name: 'Erase 1 person' }).click();
  await ada.page.getByText('is being erased').waitFor();
  await ben.page.getByText('Your account is being erased').first().waitFor();
  await ben.end(refusedHandshake);
  await ada.end();
});
