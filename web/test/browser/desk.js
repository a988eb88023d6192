import assert from 'node:assert/strict';
import { wcag, wrongs } from './axe.js';
import { patience, Person } from './people.js';

// Somebody at a browser of their own, signed in at the address as one of the issuer's people.
export async function signedIn(browser, address, first, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 832 }, ...options });
  const person = new Person(first, context, await context.newPage());
  await person.page.goto(address);
  const choice = person.page.locator('button.person', { hasText: first });
  await choice.or(person.page.getByRole('button', { name: 'Sign in' })).first().waitFor();
  if (!(await choice.isVisible())) await person.page.getByRole('button', { name: 'Sign in' }).click(); // the chat page asks first
  await choice.click();
  await person.page.waitForURL((url) => url.origin === new URL(address).origin && !url.pathname.startsWith('/signin'));
  return person;
}

// The live lamp of a dashboard page, when it says that the page is up to date.
export function live(page) {
  return page.locator('#lamp', { hasText: 'Live' }).waitFor();
}

// Waits until a cell of the first page has such a number, or a higher one.
export function figureIs(page, name, least) {
  return page.waitForFunction(
    ([name, least]) => [...document.querySelectorAll('.figures > div')].some((cell) => (
      cell.querySelector('dt').textContent === name && Number(cell.querySelector('dd b').textContent.replace(/\D/gu, '')) >= least
    )),
    [name, least],
  );
}

// Waits until what the charts draw of a series adds up to so many, or more.
export function charted(page, series, least, timeout = patience) {
  return page.waitForFunction(
    ([series, least]) => {
      const board = JSON.parse(document.getElementById('series').dataset.series || '{}');
      return (board[series] ?? []).reduce((sum, value) => sum + value, 0) >= least;
    },
    [series, least],
    { timeout },
  );
}

// Holds a state of a page to what people need, in both themes.
export async function sound(page, state) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    assert.deepEqual(await wrongs(page, wcag), [], `${state}, ${colorScheme}`);
  }
}
