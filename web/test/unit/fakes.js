// What the modules under test are given in place of a browser.
export function fakeStore() {
  const kept = new Map();
  return {
    get: (key) => JSON.parse(kept.get(key) ?? 'null'),
    set: (key, value) => kept.set(key, JSON.stringify(value)),
    remove: (key) => kept.delete(key),
    keys: (start) => [...kept.keys()].filter((key) => key.startsWith(start)),
  };
}

export const settle = () => new Promise((resolve) => { setImmediate(resolve); });

// A token with these claims and no signature, which the page does not look at.
export function tokenOf(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
