import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
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

const lookIn = async (options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 }, ...options });
  const person = new Person('Dev', context, await context.newPage());
  await person.page.goto(stack.look);
  await person.page.getByText('Live', { exact: true }).waitFor();
  return person;
};

const invoke = (name, event) => fetch(new URL(`/2015-03-31/functions/${name}/invocations`, stack.look), { method: 'POST', body: event });

test('what people do is seen while they do it, with its event and without its token', async () => {
  const dev = await lookIn();
  const ana = await Person.guest(browser, stack.page, 'Ana');
  await ana.say('hello <b>everybody</b>');
  const said = dev.page.locator('.call', { hasText: 'chat' }).first();
  await said.waitFor();
  await said.click();
  await dev.page.getByText('hello <b>everybody</b>').waitFor();
  await dev.page.locator('.call', { hasText: 'authorizer' }).first().click();
  await dev.page.locator('#event', { hasText: '"Sec-WebSocket-Protocol": "(masked)"' }).waitFor();
  assert.equal(await dev.page.locator('#connection-rows tr').count(), 1);
  assert.deepEqual(dev.complaints, []);
});

test('a call that failed shows its error, its event and a command that replays it', async () => {
  const dev = await lookIn();
  await invoke('message', '{"requestContext":"no object"}');
  await dev.page.getByRole('button', { name: 'Failed' }).click();
  await dev.page.locator('.call').first().click();
  await dev.page.locator('#failure', { hasText: 'cannot unmarshal' }).waitFor();
  await dev.page.locator('#event', { hasText: '"requestContext": "no object"' }).waitFor();
  const command = await dev.page.locator('#replay').textContent();
  assert.match(command, /^curl -s http:\/\/127\.0\.0\.1:\d+\/_local\/events\/[0-9a-f-]+ -o event\.json && go run \.\/infra\/local\/alone replay -at \S+ -function message event\.json$/u);
  assert.deepEqual(dev.complaints, []);
});

test('arrows go from call to call, and the choice stays where it is while others come', async () => {
  const dev = await lookIn();
  await dev.page.locator('.call').first().focus();
  await dev.page.keyboard.press('ArrowDown');
  const id = await dev.page.locator('.call:focus').getAttribute('data-id');
  await dev.page.keyboard.press('Enter');
  await dev.page.locator(`.call[aria-current="true"][data-id="${id}"]`).waitFor();
  const calls = await dev.page.locator('#calls').textContent();
  await invoke('message', '[]');
  await dev.page.waitForFunction((before) => document.getElementById('calls').textContent !== before, calls);
  assert.equal(await dev.page.locator('.call:focus').getAttribute('data-id'), id);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing, ${colorScheme}, ${width} wide`, async () => {
      const dev = await lookIn({ colorScheme, viewport: { width, height: 832 } });
      await dev.page.locator('.call').last().click();
      await dev.page.locator('#detail-parts').waitFor();
      assert.deepEqual(await wrongs(dev.page), []);
      assert.ok(await dev.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page does not scroll sideways');
      if (!process.env.SHOTS) return;
      await mkdir(process.env.SHOTS, { recursive: true });
      await dev.page.screenshot({ path: `${process.env.SHOTS}/inspect-${width}-${colorScheme}.png` });
    });
  }
}
