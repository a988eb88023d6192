import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { live, signedIn } from './desk.js';
import { launch } from './people.js';
import { startStack } from './stack.js';

const refusedHandshake = /WebSocket connection to/u;

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

const talker = async (first) => {
  const person = await signedIn(browser, stack.page, first);
  await person.ready();
  return person;
};

test('who is kicked from the dashboard is told why, and stays out', async () => {
  const [ana, ben, mia] = [await talker('Ana'), await talker('Ben'), await signedIn(browser, `${stack.dashboard}/connections`, 'Mia')];
  await ana.say('Buy my cards');
  await ben.hears('Buy my cards');
  const sockets = [];
  ana.page.on('websocket', (socket) => sockets.push(socket.url()));

  await mia.page.getByRole('link', { name: /^Kick Ana Ruiz, connection/u }).click();
  await mia.page.getByRole('heading', { name: 'Kick 1 connection of Ana Ruiz?' }).waitFor();
  assert.deepEqual(await mia.page.locator('.numbers dt').allTextContents(), ['connection closes', 'person goes offline', 'room loses them', 'messages removed']);
  assert.deepEqual(await mia.page.locator('.numbers dd').allTextContents(), ['1', '1', '1', '0']);
  await mia.page.getByLabel('Reason').fill('Advertising in <b>general</b>');
  await mia.page.getByRole('button', { name: 'Kick 1 connection' }).click();
  await mia.page.getByText('Kicked Ana Ruiz: 1 connection closed').waitFor();
  await mia.page.getByText('1 of 1 match').waitFor(); // Ben's alone

  await ana.page.getByText('You were removed.').waitFor();
  await ana.page.getByText('Advertising in <b>general</b>').waitFor();
  assert.ok(await ana.page.getByRole('button', { name: /^Come back in \d+ s$/u }).isDisabled());
  await ben.page.getByRole('region', { name: 'On', exact: true }).locator('.person-name', { hasText: 'Ana' }).waitFor({ state: 'detached' });
  await mia.page.goto(`${stack.dashboard}/audit`);
  const entry = mia.page.locator('tbody tr').filter({ hasText: 'Mia Okafor' });
  assert.match(await entry.textContent(), /Mia Okafor.*kick.*Ana Ruiz.*Advertising in <b>general<\/b>/u);

  // Her page does not come back by itself nor when it is loaded again, and another page of hers is refused for a minute.
  await ana.page.reload();
  await ana.page.getByText('You were removed.').waitFor();
  await ana.page.getByText('Advertising in <b>general</b>').waitFor();
  assert.ok(await ana.page.getByRole('button', { name: /^Come back in \d+ s$/u }).isDisabled());
  const again = await ana.context.newPage();
  const refused = again.waitForEvent('websocket').then((socket) => new Promise((resolve) => socket.once('close', resolve)));
  await again.goto(stack.page);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.locator('button.person', { hasText: 'Ana' }).click();
  await refused;
  await again.close();
  assert.deepEqual(sockets, [], 'the page from which she was kicked has opened no other connection');
  assert.equal(await ben.page.getByRole('region', { name: 'On', exact: true }).locator('.person-name', { hasText: 'Ana' }).count(), 0);
  await ana.end(refusedHandshake);
  await ben.end();
  await mia.end();
});

test('a kick that is not meant any more does nothing', async () => {
  const [ben, mia] = [await talker('Ben'), await signedIn(browser, `${stack.dashboard}/people`, 'Mia')];
  await mia.page.getByRole('link', { name: /^Kick Ben Weber, all 1 connection/u }).click();
  await mia.page.getByRole('heading', { name: /^Kick 1 connection of Ben Weber/u }).waitFor();
  await mia.page.waitForLoadState(); // with the scripts that hear the key
  await mia.page.keyboard.press('Escape');
  await mia.page.getByRole('heading', { name: 'People' }).waitFor();
  await ben.say('Still here');
  await ben.hears('Still here');
  await ben.end();
  await mia.end();
});

test('a kick of more than was shown asks again', async () => {
  const [chloe, mia] = [await talker('Chloé'), await signedIn(browser, `${stack.dashboard}/people`, 'Mia')];
  await mia.page.getByRole('link', { name: /^Kick Chloé Martin/u }).click();
  await mia.page.getByRole('heading', { name: /^Kick 1 connection of Chloé Martin/u }).waitFor();
  const second = await talker('Chloé');
  await mia.page.getByLabel('Reason').fill('Both windows');
  await mia.page.getByRole('button', { name: 'Kick 1 connection' }).click();
  await mia.page.getByRole('alert').waitFor();
  await mia.page.getByRole('heading', { name: 'Kick 2 connections of Chloé Martin?' }).waitFor();
  await mia.page.getByRole('button', { name: 'Kick 2 connections' }).click();
  await mia.page.getByText('Kicked Chloé Martin: 2 connections closed').waitFor();
  for (const window of [chloe, second]) await window.page.getByText('You were removed.').waitFor();
  await chloe.end();
  await second.end();
  await mia.end(/409/u);
});

test('ops see connections and cannot kick; a person without a role sees nothing', async () => {
  const [ben, omar] = [await talker('Ben'), await signedIn(browser, `${stack.dashboard}/connections`, 'Omar')];
  await omar.page.getByRole('cell', { name: /^Ben Weber/u }).first().waitFor();
  await live(omar.page);
  assert.equal(await omar.page.getByText('Kick').count(), 0);
  for (const [method, path] of [['GET', '/kick?person=ben'], ['POST', '/kick'], ['GET', '/audit']]) {
    const answer = await omar.page.evaluate(async ([method, path]) => (await fetch(path, { method })).status, [method, path]);
    assert.equal(answer, 403, `${method} ${path}`);
  }
  await omar.page.goto(`${stack.dashboard}/kick?person=ben`);
  await omar.page.getByText('Your role does not allow this.').waitFor();
  await omar.end(/status of 403/u);

  const ana = await signedIn(browser, stack.dashboard, 'Ana');
  await ana.page.getByText('The dashboard is for ops, moderators and admins, and you, Ana Ruiz, are in none of these groups.').waitFor();
  for (const path of ['/', '/connections', '/rooms', '/people', '/audit', '/live']) {
    assert.equal((await ana.page.goto(`${stack.dashboard}${path}`)).status(), 403, path);
  }
  await ana.end(/status of 403/u);
  await ben.end();
});
