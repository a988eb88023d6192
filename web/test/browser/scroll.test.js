import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';

const many = 700;

let stack;
let browser;
let ana;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
  ana = await Person.guest(browser, stack.page, 'Ana');
  await ana.createRoom('Archive');
  await fill(ana.page, stack.api, many);
});

after(async () => {
  await ana.end();
  await browser.close();
  await stack.stop();
});

// Writes many messages over a socket of its own, some of them long, eight on their way at a time.
function fill(page, api, count) {
  return page.evaluate(([url, total]) => new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}?username=Writer&roomId=archive`, 'switchboard.v1');
    let sent = 0;
    let kept = 0;
    const send = () => {
      sent++;
      socket.send(JSON.stringify({ type: 'chat', id: `${sent}`, roomId: 'archive', message: `${'word '.repeat((sent * 7) % 60)}line ${sent}` }));
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === 'welcome') for (let n = 0; n < 8; n++) send();
      if (frame.type !== 'chat' || !frame.ref) return;
      kept++;
      if (kept === total) {
        socket.close();
        resolve();
      } else if (sent < total) send();
    };
    socket.onerror = () => reject(new Error('the socket failed'));
  }), [api, count]);
}

test('older messages come as one scrolls up, and nothing moves under the reader', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.page.goto(`${stack.page}/#room/archive`);
  await ben.page.reload();
  await ben.ready();
  await ben.page.locator('.message').nth(40).waitFor();
  const moved = await ben.page.evaluate(scrollToTheStart);
  assert.ok(moved.pages >= 6, `${moved.pages} pages came`);
  assert.ok(moved.most <= 2, `a line moved ${moved.most} px`);
  await ben.page.getByText('Here Archive begins.').waitFor();
  const seqs = await ben.page.locator('.message').evaluateAll((rows) => rows.map((row) => Number(row.dataset.seq)));
  assert.deepEqual(seqs, Array.from({ length: many }, (_, n) => n + 1));
  await ben.end();
});

// Scrolls up in steps and, whenever rows came in above, says how far a row in the middle of the screen moved by itself.
async function scrollToTheStart() {
  const box = document.querySelector('.transcript');
  const rows = () => box.querySelectorAll('.message').length;
  const frame = () => new Promise(requestAnimationFrame);
  const result = { pages: 0, most: 0 };
  const begun = performance.now();
  while (!box.textContent.includes('Here Archive begins.') && performance.now() - begun < 60_000) {
    const before = rows();
    box.scrollTop -= 400;
    await frame();
    const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
    const row = [...box.querySelectorAll('.message')].find((r) => r.getBoundingClientRect().bottom > middle);
    const top = row.getBoundingClientRect().top;
    const scrolled = box.scrollTop;
    for (let n = 0; n < 6; n++) await frame();
    if (rows() === before) continue;
    result.pages++;
    if (scrolled > 0) result.most = Math.max(result.most, Math.abs(row.getBoundingClientRect().top - top));
  }
  return result;
}

test('who has scrolled up is not pulled down, and is told how many are new', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.page.goto(`${stack.page}/#room/archive`);
  await ben.page.reload();
  await ben.ready();
  await ben.page.locator('.message').nth(40).waitFor();
  await ben.page.evaluate(() => { document.querySelector('.transcript').scrollTop -= 300; });
  const place = () => ben.page.evaluate(() => document.querySelector('.transcript').scrollTop);
  const { page } = ben;
  const stood = await place();
  for (const text of ['new 1', 'new 2', 'new 3']) await ana.say(text);
  await page.getByRole('button', { name: '3 new messages' }).waitFor();
  assert.equal(await place(), stood);
  await page.getByRole('button', { name: '3 new messages' }).click();
  await ben.hears('new 3');
  await page.getByRole('button', { name: '3 new messages' }).waitFor({ state: 'detached' });
  await ben.end();
});

test('a very long absence leaves a line that says so, and is not skipped in silence', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const frame = JSON.parse(text);
      if (frame.type === 'chat' && frame.data.message === 'years later') frame.data.seq += 5000;
      socket.send(JSON.stringify(frame));
    });
  });
  const ben = new Person('Ben', context, page);
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Ben');
  await page.getByRole('button', { name: 'Come in' }).click();
  await ben.ready();
  await page.getByRole('searchbox').fill('archive');
  await ben.open('Archive');
  await page.locator('.message').nth(40).waitFor();
  await ana.say('years later');
  await ben.hears('years later');
  await page.getByText(/^Messages before \d\d:\d\d are not loaded$/u).waitFor();
  await page.getByRole('button', { name: 'Load 5000 messages' }).waitFor();
  await ben.end();
});
