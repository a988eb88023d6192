import { isGuest } from '../model/names.js';

// What is kept in the browser: per tab (who one is) and per person (drafts, what waits to be sent, which rooms). Storage that is full or
// switched off loses the keeping, not the page.
const prefix = 'switchboard';

class Kept {
  #store;

  constructor(store) {
    this.#store = store;
  }

  get(key) {
    try {
      return JSON.parse(this.#store().getItem(`${prefix}:${key}`));
    } catch {
      return null;
    }
  }

  // Says whether it is kept.
  set(key, value) {
    try {
      this.#store().setItem(`${prefix}:${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  remove(key) {
    try {
      this.#store().removeItem(`${prefix}:${key}`);
    } catch {
      // Storage that is switched off keeps nothing to remove.
    }
  }

  keys(start) {
    try {
      const full = `${prefix}:${start}`;
      return Object.keys(this.#store()).filter((key) => key.startsWith(full)).map((key) => key.slice(prefix.length + 1));
    } catch {
      return [];
    }
  }
}

export const tab = new Kept(() => sessionStorage);
export const browser = new Kept(() => localStorage);

// One person's part of the browser's storage; a guest's of the tab's, for a guest ends with it.
export class PersonStore {
  #start;
  #kept;
  #forgotten = false;

  constructor(userId) {
    this.#start = `${userId}#`; // which is in no id
    this.#kept = isGuest(userId) ? tab : browser;
  }

  get(key) {
    return this.#kept.get(this.#start + key);
  }

  set(key, value) {
    return !this.#forgotten && this.#kept.set(this.#start + key, value);
  }

  remove(key) {
    this.#kept.remove(this.#start + key);
  }

  // Whether a key of the browser's storage, as its events name it, is this one.
  is(stored, key) {
    return stored === `${prefix}:${this.#start}${key}`;
  }

  keys(start) {
    return this.#kept.keys(this.#start + start).map((key) => key.slice(this.#start.length));
  }

  // Forgets everything, also what somebody still wants to keep in it.
  forget() {
    this.#forgotten = true;
    for (const key of this.#kept.keys(this.#start)) this.#kept.remove(key);
  }
}
