import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';
import { write } from './writer.js';

const many = 900;
const mostHeld = 600; // rows at a time

let stack;
let browser;
let ana;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
  ana = await Person.guest(browser, stack.page, 'Ana');
  await ana.createRoom('Archive');
  await ana.open('General'); // what is on no screen need not be drawn message by message
  const texts = Array.from({ length: many }, (_, n) => `${'word '.repeat((n * 7) % 60)}line ${n}`); // some of them long
  await write(ana, stack.api, 'archive', texts, 8);
  await ana.open('Archive');
});

after(async () => {
  await ana.end();
  await browser.close();
  await stack.stop();
});

test('older messages come as one scrolls up and newer ones as one comes back, nothing moves under the reader, and not all are held', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ben.page.goto(`${stack.page}/#room/archive`);
  await ben.page.reload();
  await ben.ready();
  await ben.page.locator('.message').nth(40).waitFor();
  for (const [step, end, from] of [[-400, 1, 1], [400, many, many - 499]]) {
    const moved = await ben.page.evaluate(scrollTo, [step, end]);
    assert.ok(moved.pages >= 3, `${moved.pages} pages came`);
    assert.ok(moved.most <= 2, `a line moved ${moved.most} px`);
    assert.ok(moved.held <= mostHeld, `${moved.held} rows at a time`);
    const seqs = await ben.page.locator('.message').evaluateAll((rows) => rows.map((row) => Number(row.dataset.seq)));
    assert.ok(seqs.includes(end) && seqs.includes(from), `${seqs[0]} to ${seqs.at(-1)} are held`);
    assert.deepEqual(seqs, seqs.map((_, n) => seqs[0] + n), 'none is left out');
  }
  await ana.say('live again');
  await ben.hears('live again');
  await ben.page.evaluate(scrollTo, [-400, 1]);
  await ben.page.getByText('Here Archive begins.').waitFor();
  await ben.page.getByRole('button', { name: /^(?:To the newest|1 new message)$/u }).click();
  await ben.hears('live again');
  await ben.end();
});

// Scrolls to the message at an end, in steps where more rows may come, and at once through those that are there. Whenever rows came and went, says
// how far a row in the middle of the screen moved by itself.
async function scrollTo([step, end]) {
  const box = document.querySelector('.transcript');
  const close = 1300; // pixels from the last row that is there: more are asked for at 800
  const rows = () => [...box.querySelectorAll('.message')].map((row) => row.dataset.seq).join();
  const frame = () => new Promise(requestAnimationFrame);
  const result = { pages: 0, most: 0, held: 0 };
  const begun = performance.now();
  while (!box.querySelector(`[data-seq="${end}"]`) && performance.now() - begun < 60_000) {
    const before = rows();
    const left = step < 0 ? box.scrollTop : box.scrollHeight - box.clientHeight - box.scrollTop;
    box.scrollTop += Math.sign(step) * Math.max(Math.abs(step), left - close);
    await frame();
    const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
    const row = [...box.querySelectorAll('.message')].find((r) => r.getBoundingClientRect().bottom > middle);
    const top = row.getBoundingClientRect().top;
    const scrolled = box.scrollTop;
    for (let n = 0; n < 6; n++) await frame();
    if (rows() === before) continue;
    result.pages++;
    result.held = Math.max(result.held, box.querySelectorAll('.message').length);
    if (scrolled > 0 && row.isConnected) result.most = Math.max(result.most, Math.abs(row.getBoundingClientRect().top - top));
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

  await page.evaluate(() => dispatchEvent(new Event('offline')));
  for (const text of ['mine 1', 'mine 2']) await ben.say(text);
  await ben.message('mine 2').waitFor();
  await page.evaluate(() => { document.querySelector('.transcript').scrollTop -= 300; });
  const above = await place();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await ben.hears('mine 2');
  assert.equal(await place(), above, 'what waited goes out without pulling its writer down');
  await ben.end();
});

test('a window that changes its size leaves the reader where they are: at the end, or above it', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  const { page } = ben;
  await page.goto(`${stack.page}/#room/archive`);
  await page.reload();
  await ben.ready();
  await page.locator('.message').nth(40).waitFor();
  const toEnd = () => page.evaluate(() => {
    const box = document.querySelector('.transcript');
    return box.scrollHeight - box.scrollTop - box.clientHeight;
  });
  const sizes = [[700, 832], [360, 740], [1280, 500], [1100, 480], [500, 460], [1280, 832]];
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await page.waitForFunction((wide) => innerWidth === wide, width);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    assert.ok(await toEnd() <= 1, `${await toEnd()} px from the end at ${width} x ${height}`);
  }
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
