import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { wrongs } from './axe.js';
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

const address = () => new URL('/_local/faults', stack.look);
const list = async () => Object.fromEntries((await (await fetch(address())).json()).faults.map((fault) => [fault.name, fault]));

afterEach(() => fetch(address(), { method: 'DELETE' }));

const lookIn = async (options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 }, ...options });
  const person = new Person('Dev', context, await context.newPage());
  await person.page.goto(stack.look);
  await person.page.getByText('Faults', { exact: true }).click();
  await person.page.locator('#fault-push-429').waitFor();
  return person;
};

const until = async (reached) => {
  for (const end = Date.now() + 20_000; Date.now() < end;) if (await reached()) return;
  assert.fail('it did not come to that');
};

test('a fault is set with its numbers, its strikes are counted, and it is ended, without a reload', async () => {
  const dev = await lookIn();
  const ana = await Person.guest(browser, stack.page, 'Ana');
  await dev.page.evaluate(() => { window.sameDocument = true; });
  const row = dev.page.locator('.fault', { has: dev.page.locator('#fault-push-429') });
  await row.getByLabel('push-429: strikes').fill('100');
  await row.getByLabel('push-429: in a row').fill('3');
  await row.getByLabel('push-429: within').fill('1500');
  assert.equal((await list())['push-429'].share, 0, 'what is written beside a switch that is off changes nothing');
  await row.getByRole('switch').click();
  await dev.page.getByText('1 on', { exact: true }).waitFor();
  const { share, count, forMs } = (await list())['push-429'];
  assert.deepEqual([share, count.value, forMs.value], [1, 3, 1500]);
  await ana.say('hello');
  await row.locator('.fault-strikes', { hasText: '×' }).waitFor();
  await row.getByLabel('push-429: strikes').fill('0.5');
  await row.getByLabel('push-429: strikes').press('Tab');
  await until(async () => (await list())['push-429'].share === 0.005);
  await row.getByRole('switch').click();
  await dev.page.getByText('none on', { exact: true }).waitFor();
  assert.equal((await list())['push-429'].share, 0);
  assert.equal(await row.getByLabel('push-429: in a row').inputValue(), '3', 'a switch that is off keeps its numbers');
  assert.ok(await dev.page.evaluate(() => window.sameDocument));
  assert.deepEqual(dev.complaints, []);
});

test('every fault there is has a switch, and keys alone set it and end all', async () => {
  const dev = await lookIn();
  assert.deepEqual(await dev.page.locator('.fault code').allTextContents(), Object.keys(await list()));
  await dev.page.locator('#fault-disconnect-drop').focus();
  await dev.page.keyboard.press('Space');
  await until(async () => (await list())['disconnect-drop'].share === 0.1);
  await dev.page.keyboard.press('Tab');
  assert.equal(await dev.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'disconnect-drop: strikes %');
  await dev.page.getByRole('button', { name: 'End all' }).focus();
  await dev.page.keyboard.press('Enter');
  await until(async () => (await list())['disconnect-drop'].share === 0);
  await until(async () => !(await dev.page.locator('#fault-disconnect-drop').isChecked()));
});

test('what is set elsewhere is shown, and what is refused says why', async () => {
  const dev = await lookIn();
  await fetch(address(), { method: 'PUT', body: '{"message-delay":{"share":0.25,"forMs":300}}' });
  await until(() => dev.page.locator('#fault-message-delay').isChecked());
  assert.equal(await dev.page.getByLabel('message-delay: strikes').inputValue(), '25');
  assert.equal(await dev.page.getByLabel('message-delay: late by').inputValue(), '300');
  await dev.page.getByLabel('message-delay: late by').evaluate((input) => input.removeAttribute('max'));
  await dev.page.getByLabel('message-delay: late by').fill('90000');
  await dev.page.getByLabel('message-delay: late by').press('Tab');
  await dev.page.getByRole('alert').getByText('fault message-delay has a duration of 1m30s: write one from 1ms to 25s').waitFor();
  assert.equal((await list())['message-delay'].forMs.value, 300);
});

test('another page can neither set faults nor read them', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(stack.page);
  const answers = await page.evaluate(async (faults) => {
    const tried = [{ method: 'GET' }, { method: 'DELETE' }, { method: 'PUT', body: '{"push-410":1}' }, { method: 'POST', mode: 'no-cors', body: '{"push-410":1}' }];
    return Promise.all(tried.map((options) => fetch(faults, options).then(({ type, status }) => `${type} ${status}`, () => 'refused')));
  }, address().href);
  assert.deepEqual(answers.map((answer) => answer === 'refused' || answer === 'opaque 0'), [true, true, true, true], answers.join());
  assert.equal((await list())['push-410'].share, 0);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing, ${colorScheme}, ${width} wide`, async () => {
      const dev = await lookIn({ colorScheme, viewport: { width, height: 832 } });
      for (const name of ['push-429', 'function-crash']) await dev.page.locator(`#fault-${name}`).click();
      await dev.page.getByText('2 on', { exact: true }).waitFor();
      assert.deepEqual(await wrongs(dev.page), []);
      assert.ok(await dev.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page does not scroll sideways');
      if (!process.env.SHOTS) return;
      await mkdir(process.env.SHOTS, { recursive: true });
      await dev.page.screenshot({ path: `${process.env.SHOTS}/faults-${width}-${colorScheme}.png`, fullPage: true });
    });
  }
}
