import { after, before, test } from 'node:test';
import { live, signedIn, sound } from './desk.js';
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

const open = async (admin, path) => {
  await admin.page.goto(`${stack.dashboard}${path}`);
  await live(admin.page);
};

const confirm = async (admin, reason, button) => {
  await admin.page.getByLabel('Reason').fill(reason);
  await admin.page.getByRole('button', { name: button }).click();
};

test('a group that is granted is in the next token, and one that is taken is gone at once', async () => {
  const [ada, ben] = [await signedIn(browser, stack.dashboard, 'Ada'), await signedIn(browser, stack.dashboard, 'Ben')];
  await ben.page.getByText('are in none of these groups').waitFor();
  await open(ada, '/groups');
  await ada.page.getByRole('region', { name: 'moderators' }).getByText('Mia Okafor').waitFor();
  await sound(ada.page, 'groups');
  await ada.page.getByLabel('Grant or take a group').fill('ben');
  await ada.page.getByRole('button', { name: 'Look up' }).click();
  await ada.page.getByRole('heading', { name: 'Groups of Ben Weber' }).waitFor();
  await sound(ada.page, 'account');
  await ada.page.getByRole('link', { name: 'Grant moderators' }).click();
  await ada.page.getByRole('heading', { name: 'Grant moderators to Ben Weber?' }).waitFor();
  await sound(ada.page, 'grant');
  await confirm(ada, 'Helps out', 'Grant moderators');
  await ada.page.getByText('Granted moderators to Ben Weber.').waitFor();

  await ben.page.getByRole('link', { name: 'Sign in as someone else' }).last().click();
  await ben.page.locator('button.person', { hasText: 'Ben' }).click();
  await open(ben, '/reports');
  await ben.page.getByText('Nothing waits').waitFor();

  await open(ada, '/groups');
  await ada.page.getByRole('link', { name: 'Take moderators from Ben Weber' }).click();
  await ada.page.getByRole('heading', { name: 'Take moderators from Ben Weber?' }).waitFor();
  await sound(ada.page, 'take');
  await confirm(ada, 'Helped out', 'Take moderators');
  await ada.page.getByText('Took moderators from Ben Weber. No token that names it counts any more.').waitFor();
  await ben.page.getByText('are in none of these groups').waitFor(); // the page signed him in again by itself
  await Promise.all([ada.end(/403/u), ben.end(/40[13]/u)]);
});

test('an admin is told before giving their own right away, and the last one stays', async () => {
  const ada = await signedIn(browser, stack.dashboard, 'Ada');
  await open(ada, '/groups');
  await ada.page.getByRole('link', { name: 'Take admins from Ada Nwosu' }).click();
  await ada.page.getByText('It is your own. You are signed out at once').waitFor();
  await sound(ada.page, 'own');
  await ada.page.getByLabel('To confirm, type').fill('ada');
  await confirm(ada, 'Moving on', 'Take admins');
  await ada.page.getByText('Nobody else is an admin').waitFor();
  await sound(ada.page, 'refused');
  await open(ada, '/groups');
  await ada.page.getByRole('region', { name: 'admins' }).getByText('Ada Nwosu').waitFor();
  await ada.end(/409/u);
});

test('whoever is signed out everywhere is asked to sign in again: on the page, on a phone that was away, and in the dashboard', async () => {
  const [ada, mia, chatting] = await Promise.all([
    signedIn(browser, stack.dashboard, 'Ada'), signedIn(browser, stack.dashboard, 'Mia'), signedIn(browser, stack.page, 'Mia'),
  ]);
  await chatting.ready();
  const kept = await chatting.page.evaluate(() => sessionStorage.getItem('switchboard:session'));
  await open(mia, '/reports');
  await ada.page.goto(`${stack.dashboard}/sessions?person=mia`);
  await confirm(ada, 'Lost a phone', 'Sign out everywhere');
  await ada.page.getByText('Signed mia out everywhere.').waitFor();
  await chatting.page.getByText('You were signed out everywhere. Please sign in again.').waitFor();
  await chatting.page.reload();
  await chatting.page.getByText('Your session has ended. Please sign in again.').waitFor();
  await mia.page.locator('button.person', { hasText: 'Mia' }).waitFor(); // the issuer asks who she is
  const context = await browser.newContext();
  const phone = new Person('Mia', context, await context.newPage());
  await phone.page.addInitScript((session) => sessionStorage.setItem('switchboard:session', session), kept);
  await phone.page.goto(stack.page);
  await phone.page.getByText('Your session has ended. Please sign in again.').waitFor();
  await Promise.all([ada.end(), mia.end(/401/u), chatting.end(), phone.end(/40[01]|WebSocket/u)]);
});
