import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';
import { write } from './writer.js';

// What a browser says in its console while its network is away.
const networkIsAway = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection to/u;

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
const numbered = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => `message ${from + n}`);

test('who was away has all that was written, once, and sends what they wrote', async () => {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  await ana.say('before');
  await ben.hears('before');
  await ben.context.setOffline(true);
  await ben.page.getByText('Offline', { exact: true }).first().waitFor();
  await write(ana, stack.api, 'general', numbered(1, 110));
  for (const text of numbered(111, 120)) await ana.say(text);
  await ana.hears('message 120');
  await ben.say('while away 1');
  await ben.say('while away 2');
  await ben.page.getByText('You are offline. 2 messages will be sent when you are back.').waitFor();
  await ben.page.getByRole('button', { name: 'Send later' }).waitFor();
  await ben.context.setOffline(false);
  await ana.hears('while away 2');
  await ben.hears('while away 2');
  const want = ['before', ...numbered(1, 120), 'while away 1', 'while away 2'];
  assert.deepEqual(await ana.texts(), want);
  await ben.hears('message 60');
  assert.deepEqual(await ben.texts(), want);
  await ana.end();
  await ben.end(networkIsAway);
});

test('what waits to be sent outlives a reload', async () => {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  await ben.createRoom('Harbour');
  await ben.page.evaluate(() => dispatchEvent(new Event('offline')));
  await ben.page.getByText('Offline', { exact: true }).first().waitFor();
  for (const text of ['one', 'two', 'three']) await ben.say(text);
  await ben.page.getByText('3 messages will be sent').waitFor();
  await ben.page.reload();
  await ben.ready();
  await ana.page.getByRole('searchbox').fill('harbour');
  await ana.open('Harbour');
  await ana.hears('three');
  assert.deepEqual(await ana.texts(), ['one', 'two', 'three']);
  await ana.end();
  await ben.end();
});

test('a lost answer is asked for again, and the message is there once', async () => {
  const ana = await guest('Ana');
  const context = await browser.newContext();
  const page = await context.newPage();
  let swallow = 1;
  await page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      if (JSON.parse(text).data?.clientMessageId && swallow-- > 0) socket.close({ code: 1001 });
      else socket.send(text);
    });
  });
  const ben = new Person('Ben', context, page);
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Ben');
  await page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  await ben.say('only once');
  await ben.page.locator('.pending').waitFor();
  await ben.page.locator('.pending').waitFor({ state: 'detached' });
  await ana.hears('only once');
  assert.equal((await ana.texts()).filter((text) => text === 'only once').length, 1);
  assert.equal((await ben.texts()).filter((text) => text === 'only once').length, 1);
  await ana.end();
  await ben.end();
});

test('a refusal says why, and can be tried again or thrown away', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  let refuse = true;
  await page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const frame = JSON.parse(text);
      if (refuse && frame.type === 'chat') {
        socket.send(JSON.stringify({ type: 'error', ref: frame.id, data: { code: 'muted', message: 'You are muted and cannot write here for now', retry: false } }));
      } else server.send(text);
    });
  });
  const ben = new Person('Ben', context, page);
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Ben');
  await page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  await ben.say('first');
  await ben.say('second');
  const first = page.locator('.failed', { hasText: 'first' });
  await first.getByText('Not sent: You are muted and cannot write here for now.').waitFor();
  await page.locator('.failed', { hasText: 'second' }).getByRole('button', { name: 'Discard' }).click();
  refuse = false;
  await first.getByRole('button', { name: 'Retry' }).click();
  await ben.hears('first');
  assert.equal(await page.getByText('second').count(), 0);
  await ben.end();
});

test('who is sent away is told why and stays out', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  let sockets = 0;
  let sendAway;
  await page.routeWebSocket(/\/dev/u, (socket) => {
    sockets++;
    socket.connectToServer();
    sendAway = () => {
      socket.send(JSON.stringify({ type: 'closing', data: { code: 'kicked', reason: 'three posts off topic', retry: false } }));
      socket.close({ code: 1000 });
    };
  });
  const ben = new Person('Ben', context, page);
  await page.clock.install();
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Ben');
  await page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  const transcript = await page.locator('.transcript').elementHandle();
  sendAway();
  await page.getByText('You were removed.').waitFor();
  await transcript.evaluate((box) => box.dispatchEvent(new Event('scroll'))); // a browser tells of it a frame late
  await page.getByText('Reason: three posts off topic').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Come back in \d+ s$/u }).isDisabled(), true);
  await page.clock.fastForward(61_000);
  assert.equal(sockets, 1, 'nobody knocked meanwhile');
  await page.getByRole('button', { name: 'Come back', exact: true }).click();
  await ben.ready();
  await ben.end();
});

test('a server that lets nobody in for a while is tried again, and then all is well', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  let refuse = false;
  const open = [];
  await page.routeWebSocket(/\/dev/u, (socket) => {
    if (refuse) socket.close({ code: 1011 });
    else open.push(socket, socket.connectToServer());
  });
  const ben = new Person('Ben', context, page);
  await page.clock.install();
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Ben');
  await page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  refuse = true;
  open[0].close({ code: 1001 });
  for (let tries = 0; tries < 4; tries++) {
    await page.getByRole('button', { name: 'Try now' }).first().click();
    await page.getByText(/Reconnecting/u).first().waitFor();
  }
  await page.getByText('The server does not let you in, or does not work right now.').waitFor();
  await ben.say('still here');
  refuse = false;
  await page.clock.fastForward(31_000);
  await ben.hears('still here');
  await ben.end(/WebSocket connection to/u);
});

test('a text that is too long is not sent', async () => {
  const ben = await guest('Ben');
  await ben.page.locator('.composer textarea').fill('x'.repeat(3990));
  await ben.page.getByText('10 characters left').waitFor();
  await ben.page.locator('.composer textarea').fill('x'.repeat(4002));
  await ben.page.getByText('2 characters too many: 4,000 is the most').waitFor();
  await ben.page.keyboard.press('Enter');
  assert.equal(await ben.page.locator('.message').filter({ hasText: 'xxxx' }).count(), 0);
  assert.equal(await ben.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
  await ben.end();
});
