import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signedIn } from './desk.js';
import { launch, Person } from './people.js';
import { startStack } from './stack.js';

const tokenLife = 12; // seconds

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(['-token-life', `${tokenLife}s`]), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

// Notes every word that the page says about its connection, from now on.
async function watchStatus(page) {
  await page.evaluate(() => {
    globalThis.said = [];
    const note = () => globalThis.said.push(document.querySelector('.status').textContent.trim(), document.querySelector('.composer')?.textContent ?? '');
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => [...new Set(globalThis.said)]);
}

test('a session is renewed before its end: a new connection takes over, nothing is lost and nobody notices', async () => {
  const ben = await Person.guest(browser, stack.page, 'Ben');
  const frames = [];
  ben.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(JSON.parse(payload))));
  await ben.page.reload();
  await ben.ready();
  const ana = await signedIn(browser, stack.page, 'Ana');
  await ana.ready();
  const said = await watchStatus(ana.page);
  let opened = 0;
  ana.page.on('websocket', () => { opened++; });
  const want = [];
  const exchange = async () => {
    want.push(`message ${want.length + 1}`);
    await ben.say(want.at(-1));
    await ben.hears(want.at(-1));
    await ana.say(`answer ${want.length}`);
    await ana.hears(`answer ${want.length}`);
  };
  for (const renewals of [1, 2]) {
    await ana.page.waitForFunction(() => JSON.parse(sessionStorage.getItem('switchboard:session')).renewAt - Date.now() < 1500, null, { polling: 100 });
    while (opened < renewals && want.length < 300) await exchange();
    for (let more = 0; more < 5; more++) await exchange(); // while the older connection goes
  }
  assert.ok(opened >= 2, `opened ${opened} connections during ${want.length} messages`);
  want.push('the last');
  await ben.say('the last');
  await ana.hears('the last');
  const heard = (await ana.texts()).filter((text) => !text.startsWith('answer'));
  assert.deepEqual(heard, want.slice(-heard.length), 'each once and in order');
  for (const text of await said()) assert.doesNotMatch(text, /reconnect|dropped|signed out|offline|waiting|failed/iu);
  assert.deepEqual(frames.filter((frame) => frame.type === 'user_left' && frame.data.username === 'Ana Ruiz'), [], 'Ana never went away');
  assert.ok((await ana.page.locator('.message.failed').count()) === 0);
  await ana.end();
  await ben.end();
});

test('signing out closes all tabs of the same person, and nobody else’s', async () => {
  const ana = await signedIn(browser, stack.page, 'Ana');
  await ana.ready();
  const tab = async (first) => {
    const person = new Person(first, ana.context, await ana.context.newPage());
    await person.page.goto(stack.page);
    await person.page.getByRole('button', { name: 'Sign in' }).click();
    await person.page.locator('button.person', { hasText: first }).click();
    await person.ready();
    return person;
  };
  const [second, dev] = [await tab('Ana'), await tab('Dev')];
  const offered = (text) => second.page.waitForFunction((wanted) => document.querySelector('.composer textarea').value === wanted, text);
  await ana.page.locator('.composer textarea').fill('written in one tab');
  await offered('written in one tab');
  await ana.page.keyboard.press('Enter');
  await second.hears('written in one tab');
  await offered('');
  await ana.page.getByRole('button', { name: 'You and this page' }).click();
  await ana.page.getByRole('menuitem', { name: 'Sign out…' }).click();
  await ana.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ana.page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  await second.page.getByText('You signed out in another window.').waitFor();
  await second.page.reload();
  await second.page.getByRole('heading', { name: 'Who is speaking?' }).waitFor();
  await dev.say('still here');
  await dev.hears('still here');
  await ana.end();
});

test('where guests are not let in the page asks to sign in, also those who were guests', async () => {
  const closed = await startStack(['-param', 'GuestsAllowed=false']);
  try {
    const context = await browser.newContext();
    const rio = new Person('Rio', context, await context.newPage());
    await rio.page.goto(closed.page);
    await rio.page.getByText('Sign in to come in. Guests are not let in here.').waitFor();
    assert.equal(await rio.page.getByLabel('Name as a guest').count(), 0);
    await rio.page.evaluate(() => sessionStorage.setItem('switchboard:session', JSON.stringify({ kind: 'guest', name: 'Rio', token: null })));
    await rio.page.reload();
    await rio.page.getByRole('alert').getByText('Guests are not let in here any more. Please sign in.').waitFor();
    await rio.end();
  } finally {
    await closed.stop();
  }
});
