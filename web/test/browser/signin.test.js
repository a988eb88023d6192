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

// Signs in as one of the issuer's people, from the page or from a room's address.
async function signIn(page, first, address = stack.page) {
  await page.goto(address);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('button.person', { hasText: first }).click();
}

async function person(first, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 } });
  const somebody = new Person(first, context, await context.newPage());
  await signIn(somebody.page, first, address);
  return somebody;
}

test('people sign in, come back to where they were, and stay after a reload', async () => {
  const [ana, ben] = [await person('Ana', `${stack.page}/#room/tea`), await person('Ben')];
  await ana.page.locator('.conversation-title', { hasText: 'Tea' }).waitFor();
  await ana.ready();
  assert.equal(new URL(ana.page.url()).search, '', 'no code is left in the address');
  await ana.open('General');
  await ben.ready();
  await ben.say('Hello');
  await ana.hears('Hello');
  await ana.message('Hello').getByText('Ben Weber').waitFor();
  assert.equal(await ana.page.locator('.role', { hasText: 'guest' }).count(), 0);
  await ana.page.reload();
  await ana.ready();
  await ana.page.locator('.self-name', { hasText: 'Ana Ruiz' }).waitFor();
  await ana.end();
  await ben.end();
});

test('a second window is somebody else', async () => {
  const ana = await person('Ana');
  await ana.ready();
  await ana.page.getByRole('button', { name: 'You and this page' }).click();
  const [second] = await Promise.all([
    ana.context.waitForEvent('page'),
    ana.page.getByRole('menuitem', { name: 'Open a second window as someone else' }).click(),
  ]);
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.locator('button.person', { hasText: 'Chloé' }).click();
  await second.locator('.self-name', { hasText: 'Chloé Martin' }).waitFor();
  await second.reload();
  await second.locator('.self-name', { hasText: 'Chloé Martin' }).waitFor();
  await ana.page.reload();
  await ana.page.locator('.self-name', { hasText: 'Ana Ruiz' }).waitFor();
  await ana.end();
});

test('a code that comes back twice, or from somewhere else, lets nobody in', async () => {
  const ana = await person('Ana');
  await ana.ready();
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const query of ['code=abc&state=def', 'error=access_denied&state=def']) {
    await page.goto(`${stack.page}/?${query}`);
    await page.getByRole('alert').getByText('That sign-in was not begun in this window').waitFor();
    assert.equal(new URL(page.url()).search, '');
  }
  await context.close();
  await ana.end();
});

test('a token that is about to end is renewed before it is used', async () => {
  const ana = await person('Ana');
  await ana.ready();
  const tokens = () => ana.page.evaluate(() => JSON.parse(sessionStorage.getItem('switchboard:session')).tokens);
  const first = await tokens();
  await ana.page.evaluate(() => { // as if its hour were nearly over
    const session = JSON.parse(sessionStorage.getItem('switchboard:session'));
    session.renewAt = Date.now();
    sessionStorage.setItem('switchboard:session', JSON.stringify(session));
  });
  await ana.page.reload();
  await ana.ready();
  const second = await tokens();
  assert.notEqual(second.idToken, first.idToken);
  assert.notEqual(second.refreshToken, first.refreshToken);
  await ana.end();
});

test('who writes while a session that has ended is renewed loses nothing, however long the issuer takes', async () => {
  const ana = await person('Ana');
  await ana.ready();
  const sockets = [];
  await ana.page.routeWebSocket(/\/dev/u, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  let answer;
  const asked = new Promise((resolve) => {
    ana.page.route('**/token', (route) => {
      answer = () => route.continue();
      resolve();
    });
  });
  await ana.page.reload();
  await ana.ready();
  sockets[0].send(JSON.stringify({ type: 'closing', data: { code: 'session_expired', reason: 'Your session has ended', retry: false } }));
  sockets[0].close({ code: 1000 });
  await asked;
  await ana.say('meanwhile');
  await ana.page.locator('.pending', { hasText: 'meanwhile' }).waitFor();
  await answer();
  await ana.hears('meanwhile');
  await ana.end();
});

test('a window that was duplicated goes on, and so does the other, though their refresh token is good once', async () => {
  const ana = await person('Ana', `${stack.page}/#room/general`);
  await ana.ready();
  const [copy] = await Promise.all([ana.context.waitForEvent('page'), ana.page.evaluate(() => { open(location.href); })]);
  await copy.locator('.self-name', { hasText: 'Ana Ruiz' }).waitFor();
  for (const window of [ana.page, copy, ana.page]) {
    await window.clock.setSystemTime(Date.now() + 3_590_000); // an hour later
    await window.reload();
    await window.locator('.self-name', { hasText: 'Ana Ruiz' }).waitFor();
    await window.locator('.conversation-title', { hasText: 'General' }).waitFor();
    await window.locator('.status:visible').first().getByText('Connected', { exact: true }).waitFor();
    await window.clock.setSystemTime(Date.now());
  }
  await ana.end(/status of 400/u);
});

test('who is refused twice and cannot renew is asked to sign in again, and keeps what they wrote', async () => {
  const ana = await person('Ana');
  await ana.ready();
  await ana.page.locator('.composer textarea').fill('half a thought');
  await ana.page.waitForFunction(() => Object.keys(localStorage).some((key) => key.includes('draft:')));
  await ana.page.evaluate(() => { // a token that nobody signed
    const session = JSON.parse(sessionStorage.getItem('switchboard:session'));
    session.tokens = { idToken: `${session.tokens.idToken.slice(0, -8)}AAAAAAAA`, refreshToken: 'gone' };
    sessionStorage.setItem('switchboard:session', JSON.stringify(session));
  });
  await ana.page.reload();
  await ana.page.getByText('You are signed out.').waitFor();
  await ana.page.getByRole('button', { name: 'Sign in again' }).click();
  await ana.page.getByRole('button', { name: 'Sign in' }).click();
  await ana.page.locator('button.person', { hasText: 'Ana' }).click();
  await ana.ready();
  assert.equal(await ana.page.locator('.composer textarea').inputValue(), 'half a thought');
  const draftsAfterSending = await ana.page.evaluate(() => {
    document.querySelector('.composer textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    return Object.keys(localStorage).filter((key) => key.includes('draft:'));
  });
  assert.deepEqual(draftsAfterSending, [], 'no other window offers it any more');
  await ana.end(/WebSocket connection to|status of 400/u);
});

test('signing out ends the session here and at the issuer', async () => {
  const ana = await person('Ana');
  await ana.ready();
  await ana.page.getByRole('button', { name: 'You and this page' }).click();
  await ana.page.getByRole('menuitem', { name: 'Sign out…' }).click();
  await ana.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ana.page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  assert.equal(new URL(ana.page.url()).origin, stack.page);
  assert.deepEqual(await ana.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]), []);
  await ana.end();
});
