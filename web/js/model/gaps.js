import { isLong } from './log.js';

// When gaps of a log are fetched. k+1 before k is normal, so a gap must stand for a moment first; a large room spreads its askers.
const moment = 1000;
const perPerson = 5; // ms: a room of 200 people asks within a second
const pauses = [1000, 2000, 4000, 8000]; // after tries that brought nothing

export function waitBefore(tries, people, random) {
  return tries === 0 ? moment + random() * people * perPerson : pauses[tries - 1];
}

// Fetches what a log lacks, one gap at a time, lowest first. fetch(gap) asks once, and resolves when the answer is in the log.
export class GapFetcher {
  #log;
  #fetch;
  #people;
  #random;
  #timer = null;
  #busy = false;
  #stuck = new Map(); // where a gap begins -> tries that brought nothing

  constructor(log, fetch, { people = () => 0, random = Math.random } = {}) {
    this.#log = log;
    this.#fetch = fetch;
    this.#people = people;
    this.#random = random;
  }

  // Call it after every change of the log. at once: what is missing is known to be there.
  look(atOnce = false) {
    if (this.#busy) return;
    if (atOnce) this.stop();
    const gap = this.#next();
    if (!gap || this.#timer !== null) return;
    const wait = atOnce ? 0 : waitBefore(this.#triesOf(gap), this.#people(), this.#random);
    this.#timer = setTimeout(() => this.#try(), wait);
  }

  // Whether a gap was asked for so often without an answer that a person must be told.
  gaveUp(gap) {
    return this.#triesOf(gap) > pauses.length;
  }

  // What a person must be told is not there, lowest first: {from, to, kind: 'expired' | 'long' | 'missing'}.
  get holes() {
    const open = this.#log.gaps().filter((gap) => isLong(gap) || this.gaveUp(gap));
    return [
      ...this.#log.expired.map((r) => ({ ...r, kind: 'expired' })),
      ...open.map((gap) => ({ ...gap, kind: isLong(gap) ? 'long' : 'missing' })),
    ].sort((a, b) => a.from - b.from);
  }

  // Tries again what was given up.
  again() {
    this.#stuck.clear();
    this.look(true);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #next() {
    return this.#log.gapsToFetch().find((gap) => !this.gaveUp(gap));
  }

  #triesOf(gap) {
    return this.#stuck.get(gap.from) ?? 0;
  }

  async #try() {
    this.#timer = null;
    const gap = this.#next(); // the one waited for may have closed by itself
    if (!gap) return;
    this.#busy = true;
    try {
      await this.#fetch(gap);
    } catch {
      // Counted like an answer that brought nothing: it is asked for again, later each time.
    }
    this.#busy = false;
    const same = this.#log.gapsToFetch().some((left) => left.from === gap.from);
    if (same) this.#stuck.set(gap.from, this.#triesOf(gap) + 1);
    else this.#stuck.delete(gap.from);
    this.look(!same);
  }
}
