import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { charted, figureIs, live, signedIn, sound } from './desk.js';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';

let stack;
let browser;
let mia;
let ana;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
  mia = await signedIn(browser, stack.dashboard, 'Mia');
});

after(async () => {
  await ana?.end();
  await mia?.end();
  await browser.close();
  await stack.stop();
});

// Opens a page of the dashboard, and waits until it is up to date.
async function open(path) {
  await mia.page.goto(`${stack.dashboard}${path}`);
  await live(mia.page);
}

test('nothing has happened yet: every list says what stands there later', async () => {
  for (const [path, words] of [
    ['/', 'No rooms yet'], ['/rooms', 'No rooms yet'], ['/people', 'Nobody is connected'],
    ['/connections', 'Nobody is connected'], ['/audit', 'Nothing was done yet'],
  ]) {
    await open(path);
    await mia.page.getByText(words).waitFor();
    await sound(mia.page, `empty ${path}`);
  }
});

test('connections, figures and charts show what happens, without a reload', async () => {
  await open('/');
  const address = mia.page.url();
  let loads = 0;
  mia.page.on('load', () => (loads += 1));
  ana = await Person.guest(browser, stack.page, 'Ana');
  const came = Date.now();
  await figureIs(mia.page, 'Connections', 1);
  assert.ok(Date.now() - came < 3000, `the connection stands there after ${Date.now() - came} ms`);

  const ben = await Person.guest(browser, stack.page, 'Ben');
  for (const text of ['one', 'two', 'three', 'four', 'five']) await ana.say(text);
  await ana.hears('five');
  const said = Date.now();
  await figureIs(mia.page, 'Rooms talking', 1);
  await charted(mia.page, 'messagesIn', 5);
  await charted(mia.page, 'messagesOut', 5);
  assert.ok(Date.now() - said < 3000, `the messages are drawn after ${Date.now() - said} ms`);
  await charted(mia.page, 'connects', 2);

  const strips = await mia.page.locator('.strip h3').allTextContents();
  for (const title of ['Connections', 'Coming and going', 'Messages', 'Functions', 'Delivery']) {
    assert.ok(strips.some((strip) => strip.startsWith(title)), `${title} is drawn, of ${strips}`);
  }
  const peaks = await mia.page.locator('.strip', { hasText: 'Messages' }).locator('.peak').allTextContents();
  assert.ok(peaks.length === 2 && peaks.every((peak) => Number(peak) >= 1), `messages in and out have the peaks ${peaks}`);
  await ben.end();
  await charted(mia.page, 'disconnects', 1);
  assert.deepEqual([mia.page.url(), loads], [address, 0]);
});

test('every page with something on it is for everybody, in both themes', async () => {
  for (const [path, words] of [
    ['/', 'All lines are up.'], ['/?range=24h', 'All lines are up.'], ['/?range=7d', 'All lines are up.'],
    ['/rooms', 'general'], ['/room?id=general', 'five'], ['/people', 'Ana'], ['/connections', 'Ana'],
    ['/connections?find=nobody', 'No connection matches'], ['/audit', 'Nothing was done yet'],
  ]) {
    await open(path);
    await mia.page.locator('main').getByText(words).first().waitFor();
    await sound(mia.page, path);
  }
  await open('/people');
  await mia.page.locator('.name .person', { hasText: 'Ana' }).click();
  await mia.page.getByRole('heading', { name: 'Ana', exact: true }).waitFor();
  await live(mia.page);
  await sound(mia.page, 'person');
  await mia.page.getByRole('link', { name: 'Kick 1 connection…' }).click();
  await mia.page.getByRole('heading', { name: 'Kick 1 connection of Ana?' }).waitFor();
  await sound(mia.page, 'kick');
});

test('a room is read live', async () => {
  await open('/room?id=general');
  await ana.say('read all about it');
  await mia.page.locator('.transcript').getByText('read all about it').waitFor({ timeout: 3000 });
});

test('pages that say one thing', async () => {
  for (const [first, path, words] of [['Ana', '/', 'The dashboard is for ops'], ['Omar', '/audit', 'Your role does not allow this']]) {
    const person = await signedIn(browser, `${stack.dashboard}${path}`, first);
    await person.page.getByText(words).waitFor();
    await sound(person.page, words);
    await person.end(/status of 403/u);
  }
  const context = await browser.newContext();
  const stranger = new Person('Somebody', context, await context.newPage());
  for (const [path, words] of [
    ['/nowhere', 'This page does not exist.'], ['/signedout', 'You are signed out'],
    ['/signin/done?code=1&state=2', 'This sign-in was finished before'],
  ]) {
    await stranger.page.goto(`${stack.dashboard}${path}`);
    await stranger.page.getByText(words).first().waitFor();
    await sound(stranger.page, words);
  }
  await stranger.end(/status of 40[04]/u);
});

test('the database is away: the page says so, and comes back by itself', async () => {
  await open('/connections');
  await mia.page.getByRole('cell', { name: /^Ana/u }).waitFor();
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(stack.pid), '-f', 'dynoxide']);
  const database = Number(stdout);
  process.kill(database, 'SIGSTOP');
  await mia.page.getByText('The database has not answered since').first().waitFor();
  await mia.page.locator('#lamp', { hasText: 'Not up to date' }).waitFor();
  await mia.page.getByRole('cell', { name: /^Ana/u }).waitFor(); // what was known stays
  await sound(mia.page, 'database away');
  process.kill(database, 'SIGKILL');
  await live(mia.page);
  assert.equal(await mia.page.getByText('has not answered').count(), 0);
  await ana.say('back again');
  await ana.hears('back again');
});
