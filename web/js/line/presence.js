// How present the reader is: online, away by itself after a while without a hand on the page, or busy because they say so.
export class Presence {
  choice; // online or busy
  #say;
  #limits;
  #away = false;
  #said = 'online'; // by this connection
  #saidAt = -Infinity;
  #activeAt = Date.now();
  #idle = null;
  #saying = null;
  #open = false;

  // say(status) asks the server and rejects where that failed; limits() gives awaySeconds and presenceSeconds.
  constructor({ say, limits, choice = 'online' }) {
    this.#say = say;
    this.#limits = limits;
    this.choice = choice;
  }

  get status() {
    if (this.choice === 'busy') return 'busy';
    return this.#away ? 'away' : 'online';
  }

  // There is a connection, of which the server thinks that its person is online.
  connected() {
    this.#open = true;
    this.#said = 'online';
    this.#saidAt = -Infinity;
    this.#watch();
    this.#settle();
  }

  disconnected() {
    this.#open = false;
    clearTimeout(this.#saying);
    clearTimeout(this.#idle);
    this.#saying = null;
  }

  choose(choice) {
    this.choice = choice;
    this.active();
    this.#settle();
  }

  // A hand is on the page.
  active() {
    this.#activeAt = Date.now();
    if (!this.#away) return;
    this.#away = false;
    this.#watch();
    this.#settle();
  }

  #watch() {
    clearTimeout(this.#idle);
    const left = this.#activeAt + this.#limits().awaySeconds * 1000 - Date.now();
    if (left > 0) this.#idle = setTimeout(() => this.#watch(), left);
    else {
      this.#away = true;
      this.#settle();
    }
  }

  // Says what is the case, not more often than the server takes it.
  #settle() {
    if (!this.#open || this.#saying !== null || this.status === this.#said) return;
    const wait = Math.max(0, this.#saidAt + this.#limits().presenceSeconds * 1000 - Date.now());
    this.#saying = setTimeout(() => this.#now(), wait);
  }

  async #now() {
    const { status } = this;
    this.#saidAt = Date.now();
    let failed = null;
    if (status !== this.#said) await this.#say(status).catch((error) => { failed = error; });
    this.#saying = null;
    if (!failed) this.#said = status;
    if (!failed || failed.retry) this.#settle();
  }
}
