import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sound } from './desk.js';
import { launch, patience, Person } from './people.js';
import { startStack } from './stack.js';

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([startStack(['-param', 'GuestMessageRate=3/8', '-param', 'MessageRate=3/8']), launch()]);
});

after(async () => {
  await browser.close();
  await stack.stop();
});

// A guest to whom the server's frames come changed, and the frames that they send.
async function guest(name, change = (frame) => frame) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 } });
  const person = new Person(name, context, await context.newPage());
  const sent = [];
  await person.page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      sent.push(JSON.parse(text));
      server.send(text);
    });
    server.onMessage((text) => socket.send(JSON.stringify(change(JSON.parse(text)))));
  });
  await person.page.goto(stack.page);
  await person.page.getByLabel('Name as a guest').fill(name);
  await person.page.getByRole('button', { name: 'Come in' }).click();
  await person.ready();
  return { person, sent: () => sent.filter((frame) => frame.type === 'chat').map((frame) => frame.message) };
}

test('who writes faster than the room takes is told, and what waits goes by itself', async () => {
  const { person: ana, sent } = await guest('Ana');
  for (const text of ['one', 'two', 'three', 'four']) await ana.say(text);
  await ana.page.getByText('You write fast: the next goes by itself').waitFor();
  await ana.page.getByText('It goes by itself when it may.').waitFor();
  await ana.page.getByRole('button', { name: /^Send in \d+ s$/u }).waitFor();
  await sound(ana.page, 'rate');
  await ana.page.locator('.message:not(.pending)', { hasText: 'four' }).waitFor({ timeout: 2 * patience });
  assert.deepEqual(sent(), ['one', 'two', 'three', 'four'], 'asked once each: the page knew before it sent');
  await ana.end();
});

test('slow mode is said before one writes, and counts down', async () => {
  const policy = { role: 'member', slowModeSeconds: 4 };
  const slow = ({ type, ref, data }) => {
    if (type === 'room_joined') return { type, ref, data: { ...data, ...policy } };
    if (type === 'room_list') return { type, ref, data: { ...data, rooms: data.rooms.map((room) => ({ ...room, ...policy })) } };
    return { type, ref, data };
  };
  const { person: ben } = await guest('Ben', slow);
  await ben.page.getByText('Slow mode: one message in 4 s').waitFor();
  await ben.say('slow one');
  await ben.hears('slow one');
  await ben.page.getByRole('button', { name: /^Send in [1-4] s$/u }).waitFor();
  await ben.say('slow two');
  await sound(ben.page, 'slow mode');
  await ben.hears('slow two');
  await ben.end();
});

test('a message that is too long is not sent, and the last characters are counted', async () => {
  const { person: rio, sent } = await guest('Rio');
  const field = rio.page.locator('.composer textarea');
  await field.fill('x'.repeat(3990));
  await rio.page.getByText('10 characters left').waitFor();
  await field.fill('x'.repeat(4001));
  await rio.page.getByText('1 character too many: 4,000 is the most').waitFor();
  await field.press('Enter');
  await field.fill('𝄞'.repeat(4000));
  await rio.page.getByText('0 characters left').waitFor();
  assert.deepEqual(sent(), []);
  await rio.end();
});
