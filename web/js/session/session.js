import { claimsOf } from './pkce.js';
import { SignInError } from './oidc.js';

// A token that lasts shorter than this is renewed before it is used.
const margin = 60_000;

// Who this tab is: nobody, a guest with a name, or a person with tokens. Kept for the tab, so that two windows can be two people.
export class Session {
  #oidc;
  #store;
  #now;
  #who;
  #renewing = null;

  constructor({ oidc, store, now = Date.now }) {
    this.#oidc = oidc;
    this.#store = store;
    this.#now = now;
    this.#who = store.get('session');
  }

  get signedIn() {
    return this.#who !== null;
  }

  get guest() {
    return this.#who?.kind === 'guest';
  }

  enterAsGuest(name) {
    this.#keep({ kind: 'guest', name, token: null });
  }

  enter(tokens) {
    this.#keep({ kind: 'person', tokens });
  }

  // The server's token for a guest, who is the same guest with it from then on.
  keepGuestToken(token) {
    if (this.guest) this.#keep({ ...this.#who, token });
  }

  // What to present at the door: {name} the first time as a guest, else {token}. Renews a token that is about to end.
  async credentials() {
    if (this.guest) return this.#valid(this.#who.token) ? { token: this.#who.token } : { name: this.#who.name };
    if (!this.#valid(this.#who.tokens.idToken)) await this.renew();
    return { token: this.#who.tokens.idToken };
  }

  // When the credentials should be renewed, in milliseconds; null: they need not be.
  get renewAt() {
    if (!this.#who || this.guest) return null;
    return (claimsOf(this.#who.tokens.idToken)?.exp ?? 0) * 1000 - margin;
  }

  // Throws a SignInError when the session is over or the issuer away. A guest's token is not renewed: it is the guest.
  async renew() {
    if (!this.#who || this.guest) throw new SignInError('A guest has nothing to renew.');
    this.#renewing ??= this.#oidc.refresh(this.#who.tokens).finally(() => { this.#renewing = null; });
    this.enter(await this.#renewing);
  }

  signOutUrl() {
    return this.#who && !this.guest ? this.#oidc.signOutUrl(this.#who.tokens) : null;
  }

  leave() {
    this.#who = null;
    this.#store.remove('session');
  }

  #keep(who) {
    this.#who = who;
    this.#store.set('session', who);
  }

  #valid(token) {
    return token !== null && (claimsOf(token)?.exp ?? 0) * 1000 - this.#now() > margin;
  }
}
