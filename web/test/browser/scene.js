import { Person } from './people.js';

// A morning in the launch room, with several people in several rooms: what pictures and checks of the looks are taken of.
// Gives {me, others}; me has the room open, with something unread elsewhere.
export async function playMorning(browser, address, options = {}) {
  const come = (name, more) => Person.guest(browser, address, name, more);
  const mira = await come('Mira Okafor');
  await mira.createRoom('Launch desk');
  await mira.createRoom('Incidents');
  await mira.createRoom('Reading club');
  const jonas = await come('Jonas Weber');
  const layla = await come('ليلى حداد');
  const long = await come('Maximiliane von Hohenstein-Wittgenbach');
  const me = await come('Ana Ruiz', options);
  for (const person of [mira, jonas, layla, long, me]) {
    for (const room of person === mira ? ['Launch desk'] : ['Incidents', 'Reading club', 'Launch desk']) await enter(person, room);
  }
  await talk(mira, ['Morning all. Freeze is at 14:00, the last build goes out at 13:30. The rota is in the topic, swap with each other and not with me.', 'Smoke test owner is whoever is on the desk.']);
  await talk(jonas, ['Can we hold the CDN purge until after the smoke test? Last time it took 11 minutes to warm up.']);
  await talk(long, ['Purge order, as agreed on Friday: https://status.example.org/runbooks/purge?step=1', 'Run it dry first.']);
  await talk(layla, ['فريق القاهرة جاهز. سنبدأ اختبار الدفع عند الساعة العاشرة.']);
  await talk(jonas, ['@Ana can you confirm the rollback window? Support wants it in writing.']);
  await talk(me, ['Confirmed: rollback stays open until 15:30. After that it needs a new build.']);
  await enter(jonas, 'Incidents');
  await talk(jonas, ['All quiet since 04:10.', '@Ana the pager is yours from noon.']);
  await enter(mira, 'Reading club');
  await talk(mira, ['Chapter nine for Thursday.']);
  const row = me.page.locator('.room-row', { hasText: 'Reading club' });
  await row.locator('.count').waitFor({ state: 'attached' });
  return { me, others: [mira, jonas, layla, long] };
}

async function enter(person, room) {
  await person.page.locator('.find .field').fill(room);
  await person.page.keyboard.press('Enter');
  await person.page.locator('.conversation-title', { hasText: room }).waitFor();
  await person.page.locator('.transcript').waitFor();
}

async function talk(person, texts) {
  for (const text of texts) {
    await person.say(text);
    await person.hears(text);
  }
}
