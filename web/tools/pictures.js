// Takes the pictures of both pages that README shows, and one of every page at every size to look at: make pictures
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { charted, live, signedIn } from '../test/browser/desk.js';
import { launch } from '../test/browser/people.js';
import { startStack } from '../test/browser/stack.js';

const folder = process.argv[2];
const themes = ['light', 'dark'];
const sizes = [[360, 740], [768, 1024], [1280, 832], [1920, 1080]];
const pages = {
  now: '/', rooms: '/rooms', room: '/room?id=launch_desk', people: '/people', person: '/person?id=ines',
  connections: '/connections', kick: '/kick?person=ines', audit: '/audit',
};
const enough = 110; // messages, so that charts have something to show
const ready = 180_000; // until they have

async function take(page, [width, height], path) {
  await page.setViewportSize({ width, height });
  await page.mouse.move(0, 0);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ animations: 'disabled', path: `${path}-${width}-${colorScheme}.png` });
  }
}

// Has the people of the demo talk; gives what ends them.
async function talk(address) {
  const demo = spawn(process.env.SWITCHBOARD_DEMO, ['-url', address, '-every', '1s'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(demo, 'exit');
  for await (const line of createInterface({ input: demo.stdout })) {
    if (line.startsWith('Their rooms')) break;
  }
  demo.stdout.resume();
  return async () => {
    demo.kill('SIGINT');
    await ended;
  };
}

// Somebody who is removed, for the audit log.
async function remove(mia, browser, stack) {
  const eve = await signedIn(browser, stack.page, 'Emil');
  await eve.ready();
  await mia.page.goto(`${stack.dashboard}/kick?person=emil`);
  await mia.page.getByLabel('Reason').fill('Advertising in general, after a warning');
  await mia.page.getByRole('button', { name: 'Kick 1 connection' }).click();
  await mia.page.getByText('Kicked Emil Lindqvist').waitFor();
  await eve.context.close();
}

await mkdir(folder, { recursive: true });
const every = await mkdtemp(join(tmpdir(), 'switchboard-pictures-'));
const [stack, browser] = await Promise.all([startStack(), launch()]);
const hush = await talk(stack.api);
try {
  const [ana, mia] = [await signedIn(browser, `${stack.page}/#room/launch_desk`, 'Ana'), await signedIn(browser, stack.dashboard, 'Mia')];
  await ana.ready();
  await remove(mia, browser, stack);
  await mia.page.goto(stack.dashboard);
  await charted(mia.page, 'messagesIn', enough, ready);
  for (const size of [[1280, 832], [390, 844]]) await take(ana.page, size, join(folder, 'page'));
  await take(mia.page, [1280, 832], join(folder, 'dashboard'));
  for (const size of sizes) await take(ana.page, size, join(every, 'page'));
  for (const [name, path] of Object.entries(pages)) {
    await mia.page.goto(stack.dashboard + path);
    if (name !== 'kick') await live(mia.page);
    for (const size of sizes) await take(mia.page, size, join(every, name));
  }
} finally {
  await hush();
  await browser.close();
  await stack.stop();
}
process.stdout.write(`${folder} has the pictures for README, ${every} one of every page and size\n`);
