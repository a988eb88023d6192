import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sound } from './desk.js';
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

// A guest to whom the server's frames come changed; sockets are their connections, in the order of opening, each with what it sent.
async function guest(name, change) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 } });
  const person = new Person(name, context, await context.newPage());
  const sockets = [];
  await person.page.routeWebSocket(/\/dev/u, (socket) => {
    const server = socket.connectToServer();
    const connection = { socket, sent: [], closed: false, openedBeforeClose: sockets.every((other) => other.closed) };
    sockets.push(connection);
    socket.onMessage((text) => {
      connection.sent.push(JSON.parse(text));
      server.send(text);
    });
    socket.onClose(() => {
      connection.closed = true;
      server.close();
    });
    server.onMessage((text) => socket.send(JSON.stringify(change(JSON.parse(text)))));
  });
  await person.page.goto(stack.page);
  await person.page.getByLabel('Name as a guest').fill(name);
  await person.page.getByRole('button', { name: 'Come in' }).click();
  await person.ready();
  return { person, sockets };
}

test('before a connection reaches its age another one takes over: no banner, no gap, nothing twice', async () => {
  const young = (frame) => (frame.type === 'welcome' ? { ...frame, data: { ...frame.data, limits: { ...frame.data.limits, rotateSeconds: 1, connectionSeconds: 2 } } } : frame);
  const { person: ana, sockets } = await guest('Ana', young);
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ana.page.evaluate(() => {
    globalThis.said = new Set();
    const note = () => ['.status', '.composer', '.strip'].forEach((name) => globalThis.said.add(document.querySelector(name)?.textContent ?? ''));
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const want = [];
  while (sockets.filter(({ closed }) => closed).length < 2 && want.length < 400) {
    want.push(`message ${want.length + 1}`);
    await ben.say(want.at(-1));
    await ben.hears(want.at(-1));
  }
  assert.ok(sockets.length >= 3, `${sockets.length} connections during ${want.length} messages`);
  await ben.say('the last');
  await ana.hears('the last');
  assert.deepEqual(await ana.texts(), [...want, 'the last'], 'each once and in order');
  assert.deepEqual(sockets.slice(1).map(({ openedBeforeClose }) => openedBeforeClose), sockets.slice(1).map(() => false), 'the older one is still there');
  const said = await ana.page.evaluate(() => [...globalThis.said]);
  for (const text of said) assert.doesNotMatch(text, /reconnect|dropped|offline|waiting/iu);
  await ana.end();
  await ben.end();
});

test('what the room does not keep any more for who was away is said in its place', async () => {
  const { person: ana, sockets } = await guest('Ana', (frame) => {
    const gone = frame.type === 'resumed' || frame.type === 'history' ? frame.data.messages.filter((message) => message.message.startsWith('lost')) : [];
    if (gone.length === 0) return frame;
    const messages = frame.data.messages.filter((message) => !gone.includes(message));
    return { ...frame, data: { ...frame.data, messages, expired: { from: gone[0].seq, to: gone.at(-1).seq }, complete: false } };
  });
  const ben = await Person.guest(browser, stack.page, 'Ben');
  await ana.createRoom('continuity');
  await ana.say('before');
  await ben.page.goto(`${stack.page}/#room/continuity`);
  await ben.hears('before');
  await ana.hears('before');
  await ana.context.setOffline(true);
  await ana.page.getByText('Offline', { exact: true }).first().waitFor();
  for (const text of ['lost one', 'lost two', 'kept']) {
    await ben.say(text);
    await ben.hears(text);
  }
  await ana.context.setOffline(false);
  await ana.hears('kept');
  await ana.page.getByText('2 messages here are older than this room keeps').waitFor();
  assert.deepEqual(await ana.texts(), ['before', 'kept']);
  assert.equal(sockets.at(-1).sent.filter((frame) => frame.type === 'history' && frame.after !== undefined).length, 0, 'nobody asks for what is gone');
  await sound(ana.page, 'continuity lost');
  await ana.end(/ERR_INTERNET_DISCONNECTED|WebSocket connection to/u);
  await ben.end();
});
