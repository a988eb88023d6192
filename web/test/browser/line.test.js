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

// A guest whose frames go through the test: fromServer(frame, pass) sees each, and what is not passed on is lost. begun(page) is awaited before
// the page is ready.
async function watched(name, { fromServer = (frame, pass) => pass(frame), clock = false, begun = () => {} } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 } });
  const page = await context.newPage();
  const sent = [];
  const sockets = [];
  await page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    sockets.push(socket);
    socket.onMessage((text) => {
      sent.push(JSON.parse(text));
      server.send(text);
    });
    server.onMessage((text) => fromServer(JSON.parse(text), (frame) => socket.send(JSON.stringify(frame))));
  });
  const person = new Person(name, context, page);
  if (clock) await page.clock.install();
  await page.goto(stack.page);
  await page.getByLabel('Name as a guest').fill(name);
  await page.getByRole('button', { name: 'Come in' }).click();
  await begun(page);
  await person.ready();
  return { person, page, sent, sockets };
}

const of = (frames, type) => frames.filter((frame) => frame.type === type);

test('a message is on the screen at once, and stands where it stays when its answer comes late', async () => {
  const held = [];
  let hold = true;
  const { person, page } = await watched('Ben', {
    fromServer: (frame, pass) => {
      if (hold && frame.type === 'chat' && frame.ref) held.push(() => pass(frame));
      else pass(frame);
    },
  });
  const took = await page.evaluate(async () => {
    const field = document.querySelector('.composer textarea');
    field.value = 'slow';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    while (!document.querySelector('.pending')) await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  });
  assert.ok(took < 200, `it took ${took} ms`);
  await page.locator('.pending').getByText('Sending').waitFor();
  hold = false;
  for (const pass of held) pass();
  await person.hears('slow');
  await person.end();
});

test('a message that got lost on its way is fetched', async () => {
  const { person: ben, sent } = await watched('Ben', {
    fromServer: (frame, pass) => {
      if (frame.type !== 'chat' || frame.data.message !== 'lost') pass(frame);
    },
  });
  const ana = await Person.guest(browser, stack.page, 'Ana');
  for (const text of ['before the gap', 'lost', 'after the gap']) await ana.say(text);
  await ben.hears('after the gap');
  await ben.hears('lost');
  const texts = await ben.texts();
  assert.deepEqual(texts.slice(-3), ['before the gap', 'lost', 'after the gap']);
  assert.equal(of(sent, 'history').filter((frame) => frame.after !== undefined).length, 1);
  await ana.end();
  await ben.end();
});

test('a silent connection is pinged, and replaced when it does not answer', async () => {
  let deaf = false;
  let pongs = 0;
  const { person: ben, page, sent, sockets } = await watched('Ben', {
    clock: true,
    fromServer: (frame, pass) => {
      if (frame.type === 'pong') pongs++;
      if (!deaf || frame.type !== 'pong') pass(frame);
    },
  });
  const ping = async () => {
    const before = pongs;
    await page.clock.fastForward(241_000);
    await assertEventually(() => pongs > before);
  };
  await ping();
  await ping();
  assert.deepEqual(Object.keys(of(sent, 'ping').at(-1).heads), ['general'], 'silent rooms are named');
  assert.equal(sockets.length, 1);
  deaf = true;
  await ping();
  await page.clock.fastForward(6000);
  await assertEventually(() => sockets.length === 2);
  await ben.ready();
  await ben.say('back');
  await ben.hears('back');
  await ben.end();
});

test('a connection that is not greeted is replaced', async () => {
  let greetings = 0;
  const { person: ben, sockets } = await watched('Ben', {
    clock: true,
    fromServer: (frame, pass) => {
      if (frame.type !== 'welcome' || ++greetings > 1) pass(frame);
    },
    begun: async (page) => {
      await assertEventually(() => greetings === 1);
      await page.clock.fastForward(15_000);
    },
  });
  assert.equal(sockets.length, 2);
  await ben.end();
});

test('a room that the server has lost for this connection is joined again', async () => {
  const { person: ben, page, sent } = await watched('Ben', {
    clock: true,
    fromServer: (frame, pass) => pass(frame.type === 'pong' ? { ...frame, data: { ...frame.data, rooms: [] } } : frame),
  });
  await page.clock.fastForward(241_000);
  await assertEventually(() => of(sent, 'resume').some((frame) => frame.rooms.some((room) => room.roomId === 'general')));
  await ben.end();
});

test('a private message that got lost is found by the next ping', async () => {
  let lose = false;
  const { person: ben, page, sent } = await watched('Ben', {
    clock: true,
    fromServer: (frame, pass) => {
      if (!lose || frame.type !== 'private_message') pass(frame);
    },
  });
  const ana = await Person.guest(browser, stack.page, 'Ana of Hull');
  await page.getByRole('complementary').getByText('Ana of Hull').click();
  await ben.say('Are you there?');
  await ben.hears('Are you there?');
  await ana.page.getByRole('region', { name: 'Private' }).getByText('Ben').click();
  lose = true;
  await ana.say('Here I am');
  await ana.hears('Here I am');
  for (let pings = 0; pings < 2; pings++) { // one names what was silent since the last
    const before = of(sent, 'ping').length;
    await page.clock.fastForward(241_000);
    await assertEventually(() => of(sent, 'ping').length > before);
  }
  await page.clock.runFor(2000);
  await ben.hears('Here I am');
  await ana.end();
  await ben.end();
});

test('a draining server is left at the time it asks for, and nothing is lost', async () => {
  const { person: ben, page, sockets } = await watched('Ben');
  sockets[0].send(JSON.stringify({ type: 'closing', data: { code: 'draining', reason: 'The server is being replaced', retry: true, spreadMs: 300 } }));
  sockets[0].close({ code: 1001 });
  await assertEventually(() => sockets.length === 2);
  await ben.ready();
  await ben.say('still here');
  await ben.hears('still here');
  assert.equal(await page.locator('.pending').count(), 0);
  await ben.end();
});

// Waits for something that happens outside the browser.
async function assertEventually(condition, patience = 10_000) {
  const begun = Date.now();
  while (!condition()) {
    assert.ok(Date.now() - begun < patience, `it did not come to pass: ${condition}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
