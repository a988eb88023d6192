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

const group = ({ page }, word) => page.getByRole('complementary').getByRole('region', { name: word, exact: true });

async function choose(person, status) {
  await person.page.getByRole('button', { name: 'You and this page' }).click();
  await person.page.getByRole('menuitemradio', { name: status, exact: true }).click();
}

test('who writes is seen by the others until it is sent', async () => {
  const ana = await Person.guest(browser, stack.page, 'Ana');
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.ready();
  const sent = [];
  ana.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(payload))));
  await ana.page.reload();
  await ana.ready();
  await ana.page.locator('.composer textarea').pressSequentially('good morning all');
  await ben.page.getByText('Ana (guest) is typing').waitFor();
  await sound(ben.page, 'typing');
  await ana.page.keyboard.press('Enter');
  await ben.hears('good morning all');
  await ben.page.getByText('Ana (guest) is typing').waitFor({ state: 'detached' });
  assert.ok(sent.filter((frame) => frame.type === 'typing').length <= 2, 'once in three seconds');
  await ana.end();
  await ben.end();
});

test('busy by choice, away by itself and gone are seen in the list of people and of conversations', async () => {
  const ana = await Person.guest(browser, stack.page, 'Ana');
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 } });
  const ben = new Person('Ben', context, await context.newPage());
  await ben.page.clock.install();
  await ben.page.goto(stack.page);
  await ben.page.getByLabel('Name as a guest').fill('Ben Aye');
  await ben.page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  await group(ana, 'On').getByText('Ben Aye').click();
  await ana.say('psst');
  await ana.hears('psst');
  await ana.open('General');
  const row = ana.page.locator('.room-row', { hasText: 'Ben Aye' });
  await row.getByText('On', { exact: true }).waitFor({ state: 'attached' });
  await choose(ben, 'Busy');
  await group(ana, 'Busy').getByText('Ben Aye').waitFor();
  await row.locator('.lamp-dot.busy').waitFor();
  await sound(ana.page, 'somebody is busy');
  await ben.page.clock.fastForward(4000);
  await choose(ben, 'Online');
  await group(ana, 'On').getByText('Ben Aye').waitFor();
  await ben.page.clock.fastForward(301_000);
  await group(ana, 'Away').getByText('Ben Aye').waitFor();
  await row.getByText('Away', { exact: true }).waitFor({ state: 'attached' });
  await sound(ana.page, 'somebody is away');
  await ben.page.mouse.move(300, 300);
  await ben.page.clock.fastForward(4000);
  await group(ana, 'On').getByText('Ben Aye').waitFor();
  await ben.end();
  await ana.page.getByRole('complementary').getByText('Ben Aye').waitFor({ state: 'detached' });
  await row.getByText('Off', { exact: true }).waitFor({ state: 'attached' });
  await ana.end();
});

test('a room that one comes into on one device is followed on the others, until one leaves it', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.createRoom('harbour');
  const desk = await signedIn(browser, stack.page, 'Chloé');
  const phone = await signedIn(browser, stack.page, 'Chloé');
  await Promise.all([desk.ready(), phone.ready()]);
  const listed = ({ page }, list) => page.getByRole('region', { name: list, exact: true }).locator('.room-row', { hasText: 'Harbour' });
  await desk.page.goto(`${stack.page}/#room/harbour`);
  await desk.ready();
  await ben.say('a boat is in');
  await desk.hears('a boat is in');
  await listed(phone, 'Rooms').waitFor();
  const tablet = await signedIn(browser, stack.page, 'Chloé');
  await listed(tablet, 'Rooms').waitFor();
  await tablet.open('General');
  await ben.say('and out again');
  await desk.hears('and out again');
  await tablet.open('Harbour');
  await tablet.hears('and out again');
  await tablet.page.getByRole('button', { name: 'This room' }).click();
  await tablet.page.getByRole('menuitem', { name: 'Leave this room' }).click();
  await listed(tablet, 'More rooms').waitFor();
  const another = await signedIn(browser, stack.page, 'Chloé');
  await listed(another, 'More rooms').waitFor();
  for (const person of [desk, phone, tablet, another, ben]) await person.end();
});

test('what was read on one device is read on the other', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.createRoom('devices');
  const desk = await signedIn(browser, `${stack.page}/#room/devices`, 'Ana');
  await desk.ready();
  await desk.open('General');
  const phone = await signedIn(browser, `${stack.page}/#room/devices`, 'Ana');
  await phone.ready();
  await phone.open('General');
  const unread = ({ page }) => page.locator('.room-row', { hasText: 'Devices' }).locator('.count');
  for (const text of ['one', 'two']) await ben.say(text);
  await ben.hears('two');
  for (const device of [desk, phone]) await unread(device).filter({ hasText: '2' }).waitFor();
  await desk.open('Devices');
  await desk.hears('two');
  await unread(phone).waitFor({ state: 'detached' });
  await desk.end();
  await phone.end();
  await ben.end();
});
