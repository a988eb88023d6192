import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

const guest = (name, options) => Person.guest(browser, stack.page, name, options);

test('a room is made, found, joined, spoken in and left', async () => {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  await ana.createRoom('Launch desk');
  await ana.page.getByText('Nobody has spoken here yet.').waitFor();
  await ben.page.getByRole('searchbox').fill('laun');
  await ben.open('Launch desk');
  await ben.page.getByText('2 are on').waitFor();
  await ana.say('Welcome');
  await ben.hears('Welcome');
  await ana.page.getByRole('button', { name: 'This room' }).click();
  await ana.page.getByRole('menuitem', { name: 'Leave this room' }).click();
  await ana.page.locator('.conversation-title', { hasText: 'General' }).waitFor();
  await ben.page.getByText('1 is on').waitFor();
  await ana.page.getByRole('region', { name: 'More rooms' }).getByText('Launch desk').waitFor();
  await ana.end();
  await ben.end();
});

test('a name that cannot be a room’s is refused in words', async () => {
  const ana = await guest('Ana');
  await ana.page.getByRole('button', { name: 'New room' }).first().click();
  for (const [name, words] of [['', 'Give the room a name.'], ['غرفة', 'A name has letters from A to Z'], ['dm_x', 'Names that begin with']]) {
    await ana.page.getByLabel('Name', { exact: true }).fill(name);
    await ana.page.keyboard.press('Enter');
    await ana.page.getByText(words).waitFor();
  }
  await ana.page.keyboard.press('Escape');
  await ana.page.getByRole('dialog').waitFor({ state: 'detached' });
  await ana.end();
});

test('messages elsewhere are counted, those for the reader apart, until they are read', async () => {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  await ben.createRoom('Tea');
  await ben.open('General');
  await ana.page.getByRole('searchbox').fill('Tea');
  await ana.open('Tea');
  for (const text of ['one', 'two', '@Ben three']) await ana.say(text);
  const row = ben.page.locator('.room-row', { hasText: 'Tea' });
  await row.locator('.count', { hasText: '@1' }).waitFor();
  await row.getByText('1 for you').waitFor();
  assert.match(await ben.page.title(), /^\(3\) General/u);
  await ben.open('Tea');
  await ben.page.getByText('3 new messages').waitFor();
  await row.locator('.count').waitFor({ state: 'detached' });
  await ben.page.reload();
  await ben.ready();
  assert.equal(await ben.page.locator('.unread-line').count(), 0);
  await ben.page.goto('about:blank');
  await ana.say('four');
  await ana.hears('four');
  await ben.page.goto(`${stack.page}/#room/tea`);
  await ben.hears('four');
  await ben.page.locator('.unread-line', { hasText: '1 new message' }).waitFor();
  await ana.end();
  await ben.end();
});

test('two people write privately, and one of them later', async () => {
  const [ana, ben, eve] = [await guest('Ana'), await guest('Ben'), await guest('Eve')];
  await ana.page.locator('.person-row', { hasText: 'Ben' }).click();
  await ana.page.getByText('You and Ben (guest) have not written to each other yet.').waitFor();
  await ana.say('Psst');
  await ana.message('Psst').getByText('Delivered').waitFor();
  await ben.open('Ana');
  await ben.hears('Psst');
  await ben.say('Yes?');
  await ana.hears('Yes?');
  assert.equal(await eve.page.getByText('Psst').count(), 0);
  await ben.page.goto('about:blank');
  await ana.page.getByText('What you write is kept until they are back.').waitFor();
  await ana.say('Later, then');
  await ana.message('Later, then').getByText('Kept until they are back').waitFor();
  await ben.page.goto(stack.page);
  await ben.ready();
  await ben.page.locator('.room-row', { hasText: 'Ana' }).locator('.count', { hasText: '@1' }).waitFor();
  await ben.open('Ana');
  await ben.hears('Later, then');
  for (const person of [ana, ben, eve]) await person.end();
});

test('a dialog opened in the moment another closes stays open', async () => {
  const ana = await guest('Ana');
  await ana.page.getByRole('button', { name: 'New room' }).first().click();
  await ana.page.getByRole('dialog', { name: 'New room' }).waitFor();
  await ana.page.evaluate(() => { // both before the browser tells the page that the first has closed
    document.querySelector('dialog').close();
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', ctrlKey: true, bubbles: true }));
  });
  await ana.page.getByRole('dialog', { name: 'New room' }).waitFor({ state: 'detached' });
  await ana.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await ana.page.waitForFunction(() => document.querySelector('dialog')?.open);
  await ana.end();
});

test('the keyboard reaches everything', async () => {
  const ana = await guest('Ana');
  await ana.page.keyboard.press('Control+k');
  await ana.page.keyboard.type('tea');
  await ana.page.locator('.room-row', { hasText: 'Tea' }).waitFor();
  await ana.page.keyboard.press('Enter');
  await ana.page.locator('.conversation-title', { hasText: 'Tea' }).waitFor();
  await ana.page.keyboard.press('Alt+ArrowUp');
  await ana.page.keyboard.press('Alt+ArrowDown');
  await ana.page.keyboard.press('Control+/');
  await ana.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('Control+k');
  await ana.page.keyboard.press('ArrowDown');
  await ana.page.keyboard.press('ArrowDown');
  const chosen = await ana.page.locator('.room-row:focus .room-name').textContent();
  await ana.page.keyboard.press('Enter');
  await ana.page.locator('.conversation-title', { hasText: chosen }).waitFor();
  await ana.page.locator('.composer textarea').focus();
  await ana.page.keyboard.type('one');
  await ana.page.keyboard.press('Shift+Enter');
  await ana.page.keyboard.type('two');
  await ana.page.keyboard.press('Enter');
  await ana.hears('one\ntwo');
  await ana.end();
});
