import { challengeOf, claimsOf, secret } from './pkce.js';

// How long somebody may take to sign in, and how long the issuer may take to answer.
const signInTime = 10 * 60_000;
const answerTime = 10_000;

// SignInError has a sentence for people. ended says that the session is over; else the issuer was not asked or did not answer, which says
// nothing about the person. back is where in the page they were.
export class SignInError extends Error {
  constructor(message, { ended = false, back = '' } = {}) {
    super(message);
    this.ended = ended;
    this.back = back;
  }
}

export const over = (back) => new SignInError('Your session has ended. Please sign in again.', { ended: true, back });

// Signs in at an OIDC issuer by authorization code with PKCE. store keeps the question between leaving the page and coming back to it.
export class Oidc {
  #issuer;
  #clientId;
  #redirectUri;
  #store;
  #fetch;
  #now;
  #document = null;

  constructor({ issuer, clientId, redirectUri, store, fetch = globalThis.fetch.bind(globalThis), now = Date.now }) {
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#redirectUri = redirectUri;
    this.#store = store;
    this.#fetch = fetch;
    this.#now = now;
  }

  // The address to send the browser to. back is kept and given again by finish. tokens: of a session that has ended in this window, whose
  // person may still be signed in at the issuer; it answers without asking anybody.
  async begin(back = '', tokens = null) {
    const { authorization_endpoint: endpoint } = await this.#discover();
    const sub = tokens && (claimsOf(tokens.idToken)?.sub ?? '');
    const asked = { state: secret(), nonce: secret(), verifier: secret(), back, sub, at: this.#now() };
    this.#store.set('sign-in', asked);
    const url = new URL(endpoint);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: this.#redirectUri,
      scope: 'openid profile',
      state: asked.state,
      nonce: asked.nonce,
      code_challenge: await challengeOf(asked.verifier),
      code_challenge_method: 'S256',
      ...(tokens ? { prompt: 'none', id_token_hint: tokens.idToken } : { prompt: 'select_account' }),
    }).toString();
    return url.href;
  }

  // Takes what the issuer sent the browser back with: {tokens, back}, or null when that is no answer to a sign-in. Throws a SignInError, ended
  // when the person must sign in once more.
  async finish(query) {
    if (!query.has('state') || !(query.has('code') || query.has('error'))) return null;
    const asked = this.#store.get('sign-in');
    this.#store.remove('sign-in');
    if (!asked || asked.state !== query.get('state') || this.#now() - asked.at > signInTime) {
      throw new SignInError('That sign-in was not begun in this window, or too long ago. Please sign in again.');
    }
    if (query.has('error') && asked.sub !== null) throw over(asked.back);
    if (query.has('error')) {
      throw new SignInError(query.get('error') === 'access_denied' ? 'The sign-in was cancelled.' : 'The sign-in did not work. Please try again.');
    }
    const tokens = await this.#token({
      grant_type: 'authorization_code', code: query.get('code'), redirect_uri: this.#redirectUri, code_verifier: asked.verifier,
    });
    this.#check(tokens.idToken, asked.nonce);
    if (asked.sub !== null && claimsOf(tokens.idToken).sub !== asked.sub) throw over(asked.back);
    return { tokens, back: asked.back };
  }

  async refresh(tokens) {
    if (!tokens.refreshToken) throw over();
    const fresh = await this.#token({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken });
    this.#check(fresh.idToken);
    return { ...fresh, refreshToken: fresh.refreshToken ?? tokens.refreshToken };
  }

  // Where to end the issuer's own session; null where it has no such place.
  async signOutUrl(tokens) {
    const { end_session_endpoint: endpoint } = await this.#discover();
    if (!endpoint) return null;
    const url = new URL(endpoint);
    url.search = new URLSearchParams({
      id_token_hint: tokens.idToken,
      client_id: this.#clientId,
      post_logout_redirect_uri: this.#redirectUri,
      logout_uri: this.#redirectUri, // Cognito's name of it
    }).toString();
    return url.href;
  }

  async #discover() {
    if (this.#document) return this.#document;
    const document = await this.#ask(`${this.#issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`);
    if (document.issuer !== this.#issuer) throw new SignInError('The sign-in service calls itself by another name.');
    this.#document = document;
    return document;
  }

  async #token(fields) {
    const { token_endpoint: endpoint } = await this.#discover();
    const body = new URLSearchParams({ ...fields, client_id: this.#clientId });
    const answer = await this.#ask(endpoint, { method: 'POST', body });
    if (typeof answer.id_token !== 'string') throw new SignInError('The sign-in service gave no token.');
    return { idToken: answer.id_token, refreshToken: answer.refresh_token };
  }

  async #ask(url, options = {}) {
    let answer;
    try {
      answer = await this.#fetch(url, { ...options, credentials: 'omit', signal: AbortSignal.timeout(answerTime) });
    } catch {
      throw new SignInError('The sign-in service cannot be reached. Please try again.');
    }
    if (answer.status >= 500) throw new SignInError('The sign-in service does not work right now. Please try again.');
    if (!answer.ok) throw over();
    return answer.json();
  }

  // The token came from the issuer itself, so its signature adds nothing here (OpenID Connect Core 1.0, 3.1.3.7); the server checks it.
  #check(idToken, nonce) {
    const claims = claimsOf(idToken);
    const forUs = [claims?.aud].flat().includes(this.#clientId);
    if (!forUs || claims.iss !== this.#issuer || (nonce !== undefined && claims.nonce !== nonce)) {
      throw new SignInError('The sign-in service answered another question. Please sign in again.');
    }
  }
}
