import { claimsOf } from './pkce.js';
import { SignInError } from './oidc.js';

// A token is renewed a minute before its end, a short one when a quarter of its life is left.
const margin = 60_000;
const marginOf = (life) => Math.min(margin, life / 4);

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
    this.#keep({ kind: 'person', tokens, renewAt: this.#renewAt(tokens.idToken) });
  }

  // The server's token for a guest, who is the same guest with it from then on.
  keepGuestToken(token) {
    if (this.guest) this.#keep({ ...this.#who, token });
  }

  // What to present at the door: {name} the first time as a guest, else {token}. Renews a token that is about to end.
  async credentials() {
    if (this.guest) return this.#lasts(this.#who.token) ? { token: this.#who.token } : { name: this.#who.name };
    if (!(this.#now() < this.#who.renewAt)) await this.renew();
    return { token: this.#who.tokens.idToken };
  }

  // When the credentials should be renewed, in milliseconds; null: they need not be.
  get renewAt() {
    return this.#who && !this.guest ? this.#who.renewAt : null;
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

  // A token that came just now is as old as its issuer says, whatever time this machine believes it is.
  #renewAt(token) {
    const { iat = this.#now() / 1000, exp = 0 } = claimsOf(token) ?? {};
    const life = (exp - iat) * 1000;
    return this.#now() + life - marginOf(life);
  }

  #lasts(token) {
    return token !== null && (claimsOf(token)?.exp ?? 0) * 1000 - this.#now() > margin;
  }
}
