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
