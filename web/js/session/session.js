import { claimsOf } from './pkce.js';
import { over, SignInError } from './oidc.js';

// A token is renewed a minute before its end, a short one when a quarter of its life is left.
const margin = 60_000;
const marginOf = (life) => Math.min(margin, life / 4);
// Whoever has just signed in and is refused is not signed in again without being asked.
const silentPause = 60_000;

// Who this tab is: nobody, a guest with a name, or a person with tokens. Kept for the tab, so that two windows can be two people.
export class Session {
  #oidc;
  #store;
  #visit;
  #now;
  #who;
  #renewing = null;

  // visit(tokens) leaves the page for the issuer, which may know the person still.
  constructor({ oidc, store, visit = () => {}, now = Date.now }) {
    this.#oidc = oidc;
    this.#store = store;
    this.#visit = visit;
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
    this.#keep({ kind: 'person', tokens, since: this.#now(), renewAt: this.#renewAt(tokens.idToken) });
  }

  // The issuer has said that this person must sign in once more.
  expire() {
    if (this.#who) this.#keep({ ...this.#who, ended: true });
  }

  // Why the server sent this window away, for as long as it does not let it in again: {code, reason, until}, or null.
  get sentAway() {
    const out = this.#who?.out;
    return out && out.until > this.#now() ? out : null;
  }

  keepSentAway({ code, reason, until }) {
    if (this.#who && until !== null) this.#keep({ ...this.#who, out: { code, reason, until } });
  }

  // Takes what the server says to a guest, who is the same guest from then on with its token. A token ends, and whoever comes with a name
  // alone is somebody else: gives the id of the guest that this window was before, or null.
  meet({ userId, guestToken }) {
    if (!this.guest) return null;
    const before = this.#who.token && claimsOf(this.#who.token)?.sub;
    if (guestToken) this.#keep({ ...this.#who, token: guestToken });
    return before && before !== userId ? before : null;
  }

  // What to present at the door: {name} the first time as a guest, else {token}. Renews a token that is about to end.
  async credentials() {
    if (this.guest) return this.#lasts(this.#who.token) ? { token: this.#who.token } : { name: this.#who.name };
    if (this.#who.ended || !(this.#now() < this.#who.renewAt)) await this.renew();
    return { token: this.#who.tokens.idToken };
  }

  // When the credentials should be renewed, in milliseconds; null: they need not be.
  get renewAt() {
    return this.#who && !this.guest ? this.#who.renewAt : null;
  }

  // Throws a SignInError when the session is over or the issuer away. A guest's token is not renewed: it is the guest.
  async renew() {
    if (!this.#who || this.guest) throw new SignInError('A guest has nothing to renew.');
    if (this.#who.ended) throw over();
    this.#renewing ??= this.#fresh(this.#who).finally(() => { this.#renewing = null; });
    await this.#renewing;
  }

  signOutUrl() {
    return this.#who && !this.guest ? this.#oidc.signOutUrl(this.#who.tokens) : null;
  }

  leave() {
    this.#who = null;
    this.#store.remove('session');
  }

  // A window that was duplicated has the other's refresh token, and the one that comes second ends both: the issuer is asked who is there.
  async #fresh(who) {
    try {
      const tokens = await this.#oidc.refresh(who.tokens);
      if (this.#who === who) this.#keep({ ...who, tokens, renewAt: this.#renewAt(tokens.idToken) });
    } catch (error) {
      if (!error.ended || this.#now() - who.since < silentPause) throw error;
      await this.#visit(who.tokens);
      await new Promise(() => {}); // the page is being left
    }
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
