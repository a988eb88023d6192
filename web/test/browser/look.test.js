import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { wcag, wrongs } from './axe.js';
import { launch, Person } from './people.js';
import { playMorning } from './scene.js';
import { startStack } from './stack.js';

const sizes = [[360, 740], [768, 1024], [1280, 832], [1920, 1080]];
const networkIsAway = /ERR_INTERNET_DISCONNECTED|WebSocket connection to/u;

let stack;
let browser;
let scene;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
  scene = await playMorning(browser, stack.page);
});

after(async () => {
  try {
    if (scene) for (const person of [scene.me, ...scene.others]) await person.end(networkIsAway);
  } finally {
    await browser.close();
    await stack.stop();
  }
});

// Holds a state of the page to what people need, at every size and in both themes: colours are the same in the sizes between.
async function sound(page, state) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of width === 360 || width === 1280 ? ['light', 'dark'] : ['light']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
      assert.deepEqual(await wrongs(page, wcag), [], `${state} at ${width} px, ${colorScheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${state} at ${width} px scrolls sideways by ${wide}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 832 });
}

test('signing in', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(stack.page);
  await page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  await sound(page, 'sign-in');
  await context.close();
});

test('a room with people, a mention, and unread rooms', async () => {
  await sound(scene.me.page, 'room');
});

test('menus, dialogs and drawers', async () => {
  const { page } = scene.me;
  await page.getByRole('button', { name: 'You and this page' }).click();
  await sound(page, 'menu');
  await page.keyboard.press('Escape');
  for (const [open, state] of [[() => page.getByRole('button', { name: 'New room' }).first().click(), 'new room'], [() => page.keyboard.press('Control+/'), 'keyboard']]) {
    await open();
    await page.getByRole('dialog').waitFor();
    await sound(page, state);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  for (const drawer of ['Rooms', 'People']) {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator(drawer === 'Rooms' ? '.rooms-button' : '.people-button').click();
    await page.locator('.shown').waitFor();
    await sound(page, `${drawer} drawer`);
    await page.keyboard.press('Escape');
  }
});

test('an empty room, an empty search and a room that cannot be opened', async () => {
  const { page } = scene.me;
  await page.goto(`${stack.page}/#room/nobody_here`);
  await page.getByText('Nobody has spoken here yet.').waitFor();
  await sound(page, 'empty room');
  await page.locator('.find .field').fill('zzz');
  await page.getByText('Nothing is called “zzz”.').waitFor();
  await sound(page, 'empty search');
  await page.locator('.find .field').fill('');
  await page.goto(`${stack.page}/#room/dm_none_of_yours`);
  await page.locator('.notice').waitFor();
  await sound(page, 'no such room');
  await page.goto(`${stack.page}/#room/launch_desk`);
  await page.locator('.transcript').waitFor();
});

test('offline, with what waits to be sent', async () => {
  const { me } = scene;
  await me.context.setOffline(true);
  await me.page.getByText('Offline', { exact: true }).first().waitFor();
  await me.say('On it, reading the log now.');
  await me.page.locator('.pending').waitFor();
  await sound(me.page, 'offline');
  await me.context.setOffline(false);
  await me.ready();
});

test('loading, and a server that does not answer', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.routeWebSocket(/\/dev/u, () => {}); // opens, and says nothing
  const person = new Person('Rio', context, page);
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Rio');
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.locator('.transcript-loading').waitFor();
  await sound(page, 'loading');
  await person.end();
});

test('a page whose settings do not come says so, and tries again', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/config.json', (route) => route.fulfill({ status: 503 }), { times: 1 });
  await page.goto(stack.page);
  await page.getByRole('heading', { name: 'Switchboard could not be loaded' }).waitFor();
  await sound(page, 'failure');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  await context.close();
});
