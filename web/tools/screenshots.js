// Takes the pictures of the page that README shows, and one of every size: node tools/screenshots.js FOLDER
import { mkdir } from 'node:fs/promises';
import { launch } from '../test/browser/people.js';
import { playMorning } from '../test/browser/scene.js';
import { startStack } from '../test/browser/stack.js';

const folder = process.argv[2] ?? 'screenshots';
const sizes = [[360, 740], [768, 1024], [1280, 832], [1920, 1080]];

await mkdir(folder, { recursive: true });
const [stack, browser] = await Promise.all([startStack(), launch()]);
try {
  const { me } = await playMorning(browser, stack.page);
  for (const [width, height] of sizes) {
    for (const colorScheme of ['light', 'dark']) {
      await me.page.setViewportSize({ width, height });
      await me.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await me.page.mouse.move(0, 0);
      await me.page.screenshot({ animations: 'disabled', path: `${folder}/chat-${width}-${colorScheme}.png` });
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
