import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sound } from './desk.js';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';
import { write } from './writer.js';

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

const found = ({ page }) => page.locator('.found-row');

async function search(person, words) {
  await person.page.getByLabel('Words to search for').fill(words);
  await person.page.keyboard.press('Enter');
}

test('what was said is found, marked, and led to in its place, and the newest is a press away', async () => {
  const ana = await Person.guest(browser, stack.page, 'Ana');
  await ana.createRoom('archive');
  await ana.say('The Café menu: <b>soup</b>');
  await ana.hears('The Café menu: <b>soup</b>');
  const lines = Array.from({ length: 120 }, (_, n) => `line ${n + 1}${0 < n && n < 39 ? '\n.'.repeat(6) : ''}`); // so tall that not all of it is loaded at once
  await write(ana, stack.api, 'archive', lines);
  await ana.hears('line 120');
  await ana.page.reload(); // only the newest are held
  await ana.hears('line 120');
  await ana.page.keyboard.press('Control+Shift+F');
  await search(ana, 'cafe');
  await found(ana).waitFor();
  assert.equal(await found(ana).locator('.found-text').textContent(), 'The Café menu: <b>soup</b>');
  assert.deepEqual(await found(ana).locator('mark').allTextContents(), ['Café']);
  await ana.page.getByText('That is all of this room.').waitFor();
  await sound(ana.page, 'found');
  await found(ana).click();
  await ana.page.locator('.message.sought:focus', { hasText: 'The Café menu' }).waitFor();
  await ana.message('line 1').waitFor();
  await ana.page.evaluate(() => dispatchEvent(new Event('offline')));
  await ana.page.getByText('Offline', { exact: true }).first().waitFor();
  await ana.page.getByRole('button', { name: 'To the newest' }).click();
  await ana.open('General');
  await ana.open('archive');
  await ana.message('line 1').waitFor(); // what is there stays while nothing else can be had
  await ana.page.evaluate(() => dispatchEvent(new Event('online')));
  await ana.connected();
  await ana.page.getByRole('button', { name: 'To the newest' }).click();
  await ana.hears('line 120');
  await ana.page.locator('.message.sought').waitFor({ state: 'detached' });
  await ana.page.keyboard.press('Control+Shift+F');
  await search(ana, 'line');
  await assertCount(found(ana), 20);
  await ana.page.getByRole('button', { name: 'Search older messages' }).click();
  await assertCount(found(ana), 40);
  await search(ana, 'zebra');
  await ana.page.getByText('Nothing found in this room.').waitFor();
  await ana.page.keyboard.press('Escape');
  await ana.page.getByRole('heading', { name: 'People' }).waitFor();
  await ana.end();
});

function assertCount(locator, count) {
  return locator.nth(count - 1).waitFor();
}

test('a search is of one person where wanted, and fits on a phone', async () => {
  const ana = await Person.guest(browser, stack.page, 'Ana', { viewport: { width: 360, height: 740 } });
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ana.say('tea by Ana');
  await ben.say('tea by Ben');
  await ana.hears('tea by Ben');
  await ana.page.getByRole('button', { name: 'Search messages' }).click();
  await ana.page.getByLabel('From').selectOption('Ben (guest)');
  await search(ana, 'tea');
  await found(ana).filter({ hasText: 'tea by Ben' }).waitFor();
  assert.equal(await found(ana).count(), 1);
  await sound(ana.page, 'search on a phone');
  await found(ana).click();
  await ana.page.locator('.message.sought', { hasText: 'tea by Ben' }).waitFor();
  await ana.end();
  await ben.end();
});
