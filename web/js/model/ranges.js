// A set of whole numbers, kept as ranges [from, to] that neither touch nor overlap, ascending.
export class Ranges {
  #list = [];

  add(from, to = from) {
    if (to < from) return;
    const before = this.#list.filter((r) => r.to < from - 1);
    const after = this.#list.filter((r) => r.from > to + 1);
    const touched = this.#list.slice(before.length, this.#list.length - after.length);
    const joined = { from: Math.min(from, ...touched.map((r) => r.from)), to: Math.max(to, ...touched.map((r) => r.to)) };
    this.#list = [...before, joined, ...after];
  }

  has(n) {
    return this.#list.some((r) => r.from <= n && n <= r.to);
  }

  // The ranges of numbers from from to to that are not in the set.
  gaps(from, to) {
    const gaps = [];
    let next = from;
    for (const r of this.#list) {
      if (r.to < next) continue;
      if (r.from > to) break;
      if (r.from > next) gaps.push({ from: next, to: r.from - 1 });
      next = r.to + 1;
    }
    if (next <= to) gaps.push({ from: next, to });
    return gaps;
  }

  // Forgets all numbers below n.
  dropBelow(n) {
    this.#list = this.#list.filter((r) => r.to >= n).map((r) => ({ from: Math.max(r.from, n), to: r.to }));
  }
}
