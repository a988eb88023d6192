import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const patience = 10_000;

// Chromium takes the last list of features that it is to do without, so Playwright's list is in ours. The last three start a process or two beside
// every page: one in case there is another page, and the address bar's, which nobody sees.
const without = [
  'AimEnabled', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding',
  'PreconnectToSearch', 'ThirdPartyStoragePartitioning',
  'SpareRendererForSitePerProcess', 'WebUIOmniboxAimPopup', 'WebUIOmniboxPopup',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-sync', `--disable-features=${without}`],
  });
}

// Opens a menu and chooses from it.
export async function menu({ page }, label, item) {
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

// What the page asks for, up to the list of rooms, when the connection drops and comes back.
export async function reconnected({ page }) {
  const asked = [];
  const listed = new Promise((resolve) => {
    page.once('websocket', (socket) => socket.on('framesent', ({ payload }) => {
      const { type } = JSON.parse(payload);
      asked.push(type);
      if (type === 'room_list') resolve();
    }));
  });
  for (const name of ['offline', 'online']) await page.evaluate((event) => dispatchEvent(new Event(event)), name);
  await listed;
  return asked;
}

// A person at a browser of their own. What the browser complains of is kept in complaints, for end to look at.
export class Person {
  constructor(name, context, page) {
    Object.assign(this, { name, context, page, complaints: [] });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.stack));
    page.setDefaultTimeout(patience);
  }

  // Opens the page and signs in as a guest; options are those of a browser context.
  static async guest(browser, address, name, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 832 }, ...options });
    const person = new Person(name, context, await context.newPage());
    await person.page.goto(address);
    await person.page.getByLabel('Name as a guest').fill(name);
    await person.page.getByRole('button', { name: 'Come in' }).click();
    await person.connected();
    return person;
  }

  connected() {
    return this.page.locator('.status:visible').first().getByText('Connected', { exact: true }).waitFor();
  }

  async ready() {
    await this.connected();
    await this.page.locator('.transcript').waitFor();
  }

  async say(text) {
    await this.page.locator('.composer textarea').fill(text);
    await this.page.keyboard.press('Enter');
  }

  message(text) {
    return this.page.locator('.message', { has: this.page.getByText(text, { exact: true }) });
  }

  hears(text) {
    return this.message(text).and(this.page.locator(':not(.pending)')).waitFor();
  }

  texts() {
    return this.page.locator('.message:not(.pending) .text').allTextContents();
  }

  async open(room) {
    await this.page.locator('.room-row', { hasText: room }).click();
    await this.page.locator('.conversation-title', { hasText: room }).waitFor();
  }

  async createRoom(name) {
    await this.page.getByRole('button', { name: 'New room' }).first().click();
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Create room' }).click();
    await this.page.locator('.conversation-title', { hasText: name }).waitFor();
    await this.page.locator('.transcript').waitFor();
  }

  // Closes the browser, and fails if it had complained; expected are complaints that belong to the test.
  async end(expected = /^$/u) {
    await this.context.close();
    assert.deepEqual(this.complaints.filter((text) => !expected.test(text)), [], `${this.name}’s browser complains`);
  }
}
