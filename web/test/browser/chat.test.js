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

test('two people chat', async () => {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  await ana.say('Hello');
  await ben.hears('Hello');
  await ben.say('Hello yourself');
  await ana.hears('Hello yourself');
  assert.deepEqual(await ana.texts(), ['Hello', 'Hello yourself']);
  assert.deepEqual(await ben.texts(), await ana.texts());
  assert.deepEqual(await ben.page.locator('.person-name').allTextContents(), ['Ana', 'Ben']);
  await ana.end();
  await ben.page.locator('.person-name', { hasText: 'Ana' }).waitFor({ state: 'detached' });
  await ben.end();
});

test('a script in a name, a message or an address is text', async () => {
  const script = '<img src=x onerror="window.caught=1"><script>window.caught=1</script>';
  const eve = await guest(script.slice(0, 60), { viewport: { width: 900, height: 700 } });
  const ben = await guest('Ben');
  for (const text of [script, `javascript:alert(1) https://a.example/"onmouseover="x`, '[x](javascript:alert(1))']) {
    await eve.say(text);
    await ben.hears(text);
  }
  assert.deepEqual(await ben.page.locator('.text img, .text script, .name img').count(), 0);
  assert.deepEqual(await ben.page.locator('.text a').evaluateAll((links) => links.map((a) => [a.href, a.rel])), [['https://a.example/', 'noopener noreferrer nofollow ugc']]);
  assert.equal(await ben.page.evaluate(() => window.caught), undefined);
  await eve.page.goto(`${stack.page}/#room/${encodeURIComponent(script)}`);
  await eve.page.reload();
  await eve.page.getByText('This room cannot be opened.').waitFor();
  await eve.end();
  await ben.end();
});

test('a guest is the same guest after a reload, and somebody else in a second window', async () => {
  const rio = await guest('Rio');
  await rio.say('It is me');
  await rio.hears('It is me');
  await rio.page.locator('.composer textarea').fill('not sent yet');
  await rio.page.reload();
  await rio.ready();
  await rio.hears('It is me');
  await rio.page.getByText('You', { exact: true }).first().waitFor();
  assert.equal(await rio.page.locator('.name-button', { hasText: 'Rio' }).count(), 0);
  assert.equal(await rio.page.locator('.composer textarea').inputValue(), 'not sent yet');
  await rio.page.getByRole('button', { name: 'You and this page' }).click();
  const [second] = await Promise.all([
    rio.context.waitForEvent('page'),
    rio.page.getByRole('menuitem', { name: 'Open a second window as someone else' }).click(),
  ]);
  await second.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  await rio.end();
});

test('the token is in no address', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill('Rio');
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.locator('.transcript').waitFor();
  await page.reload();
  await page.locator('.transcript').waitFor();
  assert.deepEqual(sockets.map((url) => [...new URL(url).searchParams.keys()].filter((key) => key !== 'roomId')), [['username'], []]);
  await context.close();
});

test('a guest whose time is over is told to be another one', async () => {
  const rio = await guest('Rio');
  await rio.page.evaluate(() => { // half a day later
    const session = JSON.parse(sessionStorage.getItem('switchboard:session'));
    const [head, claims, signature] = session.token.split('.');
    const over = { ...JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))), exp: 1 };
    session.token = [head, btoa(JSON.stringify(over)), signature].join('.');
    sessionStorage.setItem('switchboard:session', JSON.stringify(session));
  });
  await rio.page.locator('.composer textarea').fill('half a thought');
  const idsKept = () => rio.page.evaluate(() => new Set(Object.keys({ ...localStorage, ...sessionStorage }).filter((key) => key.includes('#')).map((key) => key.split('#')[0])).size);
  await rio.page.reload();
  const told = rio.page.getByText('You are now another guest, Rio: your earlier one has ended.');
  await told.waitFor();
  await rio.page.locator('.strip').getByRole('button', { name: 'Close' }).click();
  await told.waitFor({ state: 'detached' });
  await rio.page.reload(); // keeps what is to be kept
  await rio.ready();
  assert.equal(await idsKept(), 1, 'nothing is left of the earlier guest');
  assert.equal(await rio.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('#')).length), 0, 'nor of this one in the browser');
  await rio.end();
});

test('signing out forgets the guest and the drafts', async () => {
  const rio = await guest('Rio');
  await rio.page.getByRole('button', { name: 'You and this page' }).click();
  await rio.page.getByRole('menuitem', { name: 'Sign out…' }).click();
  await rio.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await rio.page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  const left = await rio.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
  assert.deepEqual(left, []);
  await rio.end();
});
