import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Oidc } from '../../js/session/oidc.js';
import { challengeOf, claimsOf, secret } from '../../js/session/pkce.js';
import { Session } from '../../js/session/session.js';
import { fakeStore, settle, tokenOf } from './fakes.js';

const issuer = 'https://issuer.example/pool';
const home = 'https://page.example/';

// A sign-in whose issuer answers with what answer(fields) gives.
function begin({ answer = () => ({}), now = () => 0, store = fakeStore() } = {}) {
  const asked = [];
  const oidc = new Oidc({
    issuer, clientId: 'page', redirectUri: home, store, now,
    fetch: async (url, { body } = {}) => {
      if (url.endsWith('/.well-known/openid-configuration')) {
        return Response.json({ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` });
      }
      const fields = Object.fromEntries(body);
      asked.push(fields);
      const answered = await answer(fields);
      return answered instanceof Response ? answered : Response.json(answered);
    },
  });
  return { oidc, asked, store };
}

const idToken = (more) => tokenOf({ iss: issuer, aud: 'page', exp: 3600, ...more });

test('the challenge is the one of the standard’s example', async () => {
  assert.equal(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  assert.match(secret(), /^[\w-]{43}$/u);
  assert.notEqual(secret(), secret());
});

test('claims are read from what is a JWT only', () => {
  assert.deepEqual(claimsOf(tokenOf({ name: 'Chloé 🚀' })), { name: 'Chloé 🚀' });
  for (const token of ['', 'a', 'a.b.c', '..']) assert.equal(claimsOf(token), null, token);
});

test('somebody signs in', async () => {
  let nonce;
  const { oidc, asked } = begin({ answer: () => ({ id_token: idToken({ nonce }), refresh_token: 'r-1' }) });
  const url = new URL(await oidc.begin('#room/tea'));
  const q = Object.fromEntries(url.searchParams);
  nonce = q.nonce;
  assert.deepEqual([q.response_type, q.client_id, q.redirect_uri, q.code_challenge_method], ['code', 'page', home, 'S256']);
  const { tokens, back } = await oidc.finish(new URLSearchParams({ code: 'c-1', state: q.state }));
  assert.equal(q.code_challenge, await challengeOf(asked[0].code_verifier));
  assert.deepEqual([asked[0].grant_type, asked[0].code, asked[0].redirect_uri], ['authorization_code', 'c-1', home]);
  assert.deepEqual([tokens.refreshToken, back], ['r-1', '#room/tea']);
  await assert.rejects(oidc.finish(new URLSearchParams({ code: 'c-1', state: q.state })), /not begun in this window/u, 'a second time');
});

test('answers to another question are refused', async () => {
  for (const claims of [{ nonce: 'other' }, { aud: 'other' }, { iss: 'https://other.example' }]) {
    let nonce;
    const { oidc } = begin({ answer: () => ({ id_token: idToken({ nonce, ...claims }) }) });
    const q = new URL(await oidc.begin()).searchParams;
    nonce = q.get('nonce');
    await assert.rejects(oidc.finish(new URLSearchParams({ code: 'c', state: q.get('state') })), /answered another question/u, JSON.stringify(claims));
  }
});

test('a return that was not asked for, came late or was refused says so', async () => {
  let now = 0;
  const { oidc } = begin({ now: () => now });
  assert.equal(await oidc.finish(new URLSearchParams('')), null);
  await assert.rejects(oidc.finish(new URLSearchParams('code=c&state=s')), /not begun in this window/u);
  await oidc.begin();
  await assert.rejects(oidc.finish(new URLSearchParams('code=c&state=s')), /not begun in this window/u, 'another state');
  const late = new URL(await oidc.begin()).searchParams.get('state');
  now = 11 * 60_000;
  await assert.rejects(oidc.finish(new URLSearchParams({ code: 'c', state: late })), /too long ago/u);
  const cancelled = new URL(await oidc.begin()).searchParams.get('state');
  await assert.rejects(oidc.finish(new URLSearchParams({ error: 'access_denied', state: cancelled })), /was cancelled/u);
});

test('an issuer that is away is not a session that has ended', async () => {
  const answers = [
    [() => { throw new TypeError('Failed to fetch'); }, false],
    [() => new Response('', { status: 503 }), false],
    [() => new Response('{}', { status: 400 }), true],
  ];
  for (const [answer, ended] of answers) {
    const { oidc } = begin({ answer });
    await assert.rejects(oidc.refresh({ refreshToken: 'r' }), (error) => error.ended === ended);
  }
});

test('a session that has ended here is asked for at the issuer, silently, and for the same person', async () => {
  let claims;
  const { oidc } = begin({ answer: () => ({ id_token: idToken(claims) }) });
  const ended = { idToken: idToken({ sub: 'ana' }) };
  const ask = async () => new URL(await oidc.begin('#room/tea', ended)).searchParams;
  const q = await ask();
  assert.deepEqual([q.get('prompt'), q.get('id_token_hint')], ['none', ended.idToken]);
  const refused = new URLSearchParams({ error: 'login_required', state: q.get('state') });
  await assert.rejects(oidc.finish(refused), (error) => error.ended && error.back === '#room/tea');
  for (const [sub, fits] of [['ana', true], ['ben', false]]) {
    const asked = await ask();
    claims = { sub, nonce: asked.get('nonce') };
    const answer = oidc.finish(new URLSearchParams({ code: 'c', state: asked.get('state') }));
    if (fits) assert.equal((await answer).back, '#room/tea');
    else await assert.rejects(answer, (error) => error.ended);
  }
});

test('a refresh token that was used up sends the page to the issuer, but not again and again', async () => {
  const { oidc, store } = begin({ answer: () => new Response('{}', { status: 400 }) });
  let now = 0;
  const visits = [];
  const session = new Session({ oidc, store, visit: (tokens) => visits.push(tokens.refreshToken), now: () => now });
  session.enter({ idToken: idToken(), refreshToken: 'r-1' });
  await assert.rejects(session.renew(), (error) => error.ended, 'who has just signed in');
  now = 120_000;
  session.renew();
  await settle();
  await settle();
  assert.deepEqual(visits, ['r-1']);
  session.expire();
  await assert.rejects(session.credentials(), (error) => error.ended, 'after the issuer has said no');
});

test('why the server sent a window away is kept over a reload, until that is over', () => {
  let now = 0;
  const store = fakeStore();
  const session = () => new Session({ oidc: null, store, now: () => now });
  session().enterAsGuest('Rio');
  session().keepSentAway({ code: 'kicked', reason: 'spam', until: 60_000 });
  assert.deepEqual(session().sentAway, { code: 'kicked', reason: 'spam', until: 60_000 });
  now = 60_000;
  assert.equal(session().sentAway, null);
});

test('a session renews what is about to end, once for all who ask', async () => {
  const { oidc, asked, store } = begin({ answer: () => ({ id_token: idToken({ exp: 7200 }), refresh_token: 'r-2' }) });
  let now = 0;
  const session = new Session({ oidc, store, now: () => now });
  session.enter({ idToken: idToken(), refreshToken: 'r-1' });
  assert.equal((await session.credentials()).token, idToken());
  now = 3_550_000;
  const [a, b] = await Promise.all([session.credentials(), session.credentials()]);
  assert.deepEqual([a.token, b.token, asked.length], [idToken({ exp: 7200 }), idToken({ exp: 7200 }), 1]);
  assert.equal(session.renewAt, 7_140_000);
  assert.equal(new Session({ oidc, store }).signedIn, true, 'after a reload');
});

test('a session is renewed in time however short it is, and whatever time it is here', async () => {
  const { oidc, store } = begin();
  const wrong = 900_000_000; // this machine's clock
  for (const [life, left] of [[3600, 60], [20, 5], [2, 0.5]]) {
    const session = new Session({ oidc, store, now: () => wrong });
    session.enter({ idToken: idToken({ iat: 5_000_000, exp: 5_000_000 + life }), refreshToken: 'r' });
    assert.equal(session.renewAt, wrong + (life - left) * 1000, `a token of ${life} s`);
    assert.equal(new Session({ oidc, store }).renewAt, session.renewAt, 'after a reload');
  }
});

test('a guest is the same guest with the token from the server', async () => {
  const store = fakeStore();
  const session = new Session({ oidc: null, store, now: () => 0 });
  session.enterAsGuest('Rio');
  assert.deepEqual(await session.credentials(), { name: 'Rio' });
  const token = tokenOf({ sub: 'guest:1', exp: 3600 });
  assert.equal(session.meet({ userId: 'guest:1', guestToken: token }), null);
  assert.equal(session.meet({ userId: 'guest:1' }), null, 'with its token it is the same');
  assert.deepEqual(await new Session({ oidc: null, store, now: () => 0 }).credentials(), { token });
  assert.deepEqual(await new Session({ oidc: null, store, now: () => 3_600_000 }).credentials(), { name: 'Rio' }, 'a token that has ended is of no use');
  await assert.rejects(session.renew());
  assert.equal(session.meet({ userId: 'guest:2', guestToken: tokenOf({ sub: 'guest:2', exp: 7200 }) }), 'guest:1', 'with its name alone it is another');
  session.leave();
  assert.equal(new Session({ oidc: null, store }).signedIn, false);
});
