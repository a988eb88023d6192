import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sound } from './desk.js';
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

// Two people in a room of their own.
async function two(room) {
  const ana = await Person.guest(browser, stack.page, 'Ana');
  await ana.createRoom(room);
  const ben = await Person.guest(browser, `${stack.page}/#room/${room}`, 'Ben');
  await ben.ready();
  return [ana, ben];
}

const field = (person) => person.page.locator('.composer textarea');
const row = ({ page }, text) => page.locator('.message:not(.pending)', { has: page.locator('.text').and(page.getByText(text, { exact: true })) });

async function choose(person, text, item) {
  await row(person, text).hover();
  await person.page.getByRole('button', { name: 'More about this message' }).click();
  await person.page.getByRole('menuitem', { name: item }).click();
}

test('a message is edited with the arrow up and by its menu, and says so everywhere', async () => {
  const [ana, ben] = await two('edits');
  await ana.say('helo');
  await ben.hears('helo');
  await field(ana).press('ArrowUp');
  assert.equal(await field(ana).inputValue(), 'helo');
  await field(ana).fill('hello');
  await field(ana).press('Enter');
  for (const person of [ana, ben]) {
    await person.hears('hello');
    await row(person, 'hello').getByText(/^edited \d\d:\d\d$/u).waitFor();
    assert.deepEqual(await person.texts(), ['hello']);
  }
  assert.equal(await field(ana).inputValue(), '');
  await choose(ana, 'hello', 'Edit');
  await field(ana).press('Escape');
  assert.equal(await field(ana).inputValue(), '', 'given up');
  await row(ben, 'hello').hover();
  await ben.page.getByRole('button', { name: 'More about this message' }).click();
  assert.equal(await ben.page.getByRole('menuitem', { name: 'Edit' }).count(), 0, 'what others wrote is theirs');
  await ben.page.reload();
  await ben.hears('hello');
  await row(ben, 'hello').getByText(/^edited/u).waitFor();
  await ana.end();
  await ben.end();
});

test('an edit that is refused stays in the field, with the reason in words', async () => {
  const [ana, ben] = await two('refused');
  await ana.say('too late');
  await ana.hears('too late');
  await field(ana).press('ArrowUp');
  await choose(ana, 'too late', 'Delete…'); // the message goes while it is being edited
  await ana.page.getByRole('button', { name: 'Delete message' }).click();
  await ana.page.getByText('You deleted this message.').waitFor();
  await field(ana).fill('too late again');
  await field(ana).press('Enter');
  await ana.page.getByText('Not changed: That message was deleted.').waitFor();
  assert.equal(await field(ana).inputValue(), 'too late again');
  await ana.end();
  await ben.end();
});

test('a message is deleted after a question, for everyone and for who comes later', async () => {
  const [ana, ben] = await two('deletions');
  await ana.say('a secret');
  await ben.hears('a secret');
  await choose(ana, 'a secret', 'Delete…');
  await ana.page.getByRole('dialog').getByText('It cannot be brought back.', { exact: false }).waitFor();
  await sound(ana.page, 'deletion');
  await ana.page.getByRole('button', { name: 'Delete message' }).click();
  await ana.page.getByText('You deleted this message.').waitFor();
  await ben.page.getByText('Message deleted.').waitFor();
  await ben.page.reload();
  await ben.page.getByText('Message deleted.').waitFor();
  assert.equal(await ben.page.getByText('a secret').count(), 0);
  await ana.end();
  await ben.end();
});

test('reactions are given from a set or any emoji, counted, and taken back', async () => {
  const [ana, ben] = await two('reactions');
  await ana.say('we shipped');
  await row(ben, 'we shipped').hover();
  await ben.page.getByRole('button', { name: 'React', exact: true }).click();
  await ben.page.getByRole('button', { name: 'celebration' }).click();
  await row(ana, 'we shipped').getByRole('button', { name: 'celebration, 1', pressed: false }).click();
  await row(ben, 'we shipped').getByRole('button', { name: 'celebration, 2', pressed: true }).waitFor();
  await row(ana, 'we shipped').hover();
  await ana.page.getByRole('button', { name: 'React', exact: true }).click();
  await ana.page.getByLabel('Any other emoji').fill('no');
  await ana.page.getByText('One emoji, nothing else').waitFor();
  await ana.page.getByLabel('Any other emoji').fill('🦜');
  await sound(ana.page, 'reactions');
  await ana.page.keyboard.press('Enter');
  await row(ben, 'we shipped').getByRole('button', { name: '🦜, 1' }).waitFor();
  await row(ana, 'we shipped').getByRole('button', { name: 'celebration, 2', pressed: true }).click();
  await row(ben, 'we shipped').getByRole('button', { name: 'celebration, 1', pressed: true }).waitFor();
  await ana.page.reload();
  await row(ana, 'we shipped').getByRole('button', { name: '🦜, 1', pressed: true }).waitFor();
  await row(ana, 'we shipped').getByRole('button', { name: 'celebration, 1', pressed: false }).waitFor();
  await ana.end();
  await ben.end();
});

test('a reply quotes what it answers, leads there, and says when that was deleted', async () => {
  const [ana, ben] = await two('replies');
  await ana.say('when do we start');
  await row(ben, 'when do we start').hover();
  await ben.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await ben.page.locator('.concerned').getByText('when do we start').waitFor();
  await ben.say('at nine');
  await row(ana, 'at nine').getByRole('button', { name: 'You when do we start' }).click();
  await ana.page.locator('.message.sought', { hasText: 'when do we start' }).first().waitFor();
  await row(ben, 'when do we start').hover();
  await ben.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await ben.page.evaluate(() => dispatchEvent(new Event('offline')));
  await ben.say('or at ten');
  const waits = ben.page.locator('.pending', { hasText: 'or at ten' });
  await waits.locator('.quote', { hasText: 'when do we start' }).waitFor();
  await row(ben, 'when do we start').hover();
  await ben.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await choose(ana, 'when do we start', 'Delete…');
  await ana.page.getByRole('button', { name: 'Delete message' }).click();
  await ana.page.getByText('You deleted this message.').waitFor();
  await ben.page.evaluate(() => dispatchEvent(new Event('online')));
  for (const person of [ana, ben]) await row(person, 'at nine').getByText('A message that was deleted').waitFor();
  await ben.page.locator('.concerned').getByText('A message that was deleted').waitFor();
  await ben.page.locator('.failed', { hasText: 'or at ten' }).waitFor();
  for (const { page } of [ana, ben]) {
    await page.waitForFunction((text) => ![document.body.innerHTML, JSON.stringify([localStorage, sessionStorage])].join().includes(text), 'when do we start');
  }
  await ana.end();
  await ben.end();
});

test('the keyboard alone reaches a message and all that can be done with it', async () => {
  const [ana, ben] = await two('keyboard');
  for (const text of ['first', 'second']) {
    await ana.say(text);
    await ana.hears(text);
  }
  const { keyboard } = ana.page;
  await ana.page.locator('.transcript').focus();
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  await ana.page.locator('.message:focus', { hasText: 'first' }).waitFor();
  await keyboard.press('a');
  await ana.page.getByRole('dialog', { name: 'React' }).waitFor();
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await row(ana, 'first').getByRole('button', { name: 'heart, 1', pressed: true }).waitFor();
  await row(ana, 'first').focus();
  await keyboard.press('r');
  await keyboard.type('an answer');
  await keyboard.press('Enter');
  await row(ben, 'an answer').locator('.quote', { hasText: 'first' }).waitFor();
  await row(ana, 'second').focus();
  await keyboard.press('e');
  await keyboard.press('End');
  await keyboard.type(' thought');
  await keyboard.press('Enter');
  await ben.hears('second thought');
  await row(ana, 'second thought').focus();
  await keyboard.press('Delete');
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Delete message' }).focus();
  await keyboard.press('Enter');
  await ben.page.getByText('Message deleted.').waitFor();
  await ana.end();
  await ben.end();
});

test('a finger reaches them too', async () => {
  const ana = await Person.guest(browser, stack.page, 'Ana', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await ana.say('from the tram');
  await ana.hears('from the tram');
  await row(ana, 'from the tram').locator('.text').tap();
  await ana.page.getByRole('button', { name: 'React', exact: true }).tap();
  await ana.page.getByRole('button', { name: 'thumbs up' }).tap();
  await row(ana, 'from the tram').getByRole('button', { name: 'thumbs up, 1' }).waitFor();
  await sound(ana.page, 'tools on a phone');
  await ana.end();
});
