import { html, render } from '/static/vendor/preact-htm.js';
import { Oidc, SignInError } from './session/oidc.js';
import { Session } from './session/session.js';
import { tab } from './session/storage.js';
import { StartError } from './model/start.js';
import { Failure } from './view/failure.js';
import { Page } from './view/page.js';

const place = document.getElementById('page');

async function settings() {
  const answer = await fetch('/config.json', { cache: 'no-store' });
  if (!answer.ok) throw new StartError(answer.status);
  return answer.json();
}

async function returned(oidc, session) {
  const query = new URLSearchParams(location.search);
  try {
    const answer = oidc ? await oidc.finish(query) : null;
    if (!answer) return '';
    session.enter(answer.tokens);
    history.replaceState(null, '', location.pathname + answer.back);
    return '';
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    history.replaceState(null, '', location.pathname + error.back);
    if (error.ended) session.expire();
    return error.message;
  }
}

// A guest of before, where guests are not let in any more.
function turnedAway(config, session) {
  if (!session.guest || config.guests) return '';
  session.leave();
  return 'Guests are not let in here any more. Please sign in.';
}

async function start() {
  try {
    const config = await settings();
    const oidc = config.issuer ? new Oidc({ issuer: config.issuer, clientId: config.clientId, redirectUri: `${location.origin}/`, store: tab }) : null;
    const visit = async (tokens) => location.assign(await oidc.begin(location.hash, tokens));
    const session = new Session({ oidc, store: tab, visit });
    const problem = (await returned(oidc, session)) || turnedAway(config, session);
    render(html`<${Page} config=${config} oidc=${oidc} session=${session} problem=${problem} />`, place);
  } catch (error) {
    render(html`<${Failure} error=${error} again=${start} />`, place);
  }
}

start();
