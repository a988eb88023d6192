import { html, useLayoutEffect, useState } from '/static/vendor/preact-htm.js';

const corner = 8;
const sleeve = { width: 10, height: 8 };
const tip = { width: 6, height: 3 };

// The one cord of a page, drawn over it: from a jack, along an edge, to a plug. place, from, to and turn are found by selectors; the cord
// is drawn anew whenever the page is, and when it scrolls or changes its size. within: the list that clips the jack.
export function Cord({ place, from, to, turn, within, state, end = 'plug' }) {
  const [line, setLine] = useState(null);
  const measure = () => {
    const next = measureLine(place.current, { from, to, turn, within });
    setLine((now) => (JSON.stringify(now) === JSON.stringify(next) ? now : next));
  };
  useLayoutEffect(measure);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(measure);
    sizes.observe(place.current);
    const { current } = place;
    current.addEventListener('scroll', measure, { capture: true, passive: true });
    return () => {
      sizes.disconnect();
      current.removeEventListener('scroll', measure, { capture: true });
    };
  }, []);
  if (!line) return null;
  const plug = { x: line.to.x - tip.width - sleeve.width, y: line.to.y };
  const points = pathOf(line.from, line.turn, { x: plug.x, y: plug.y });
  return html`<svg class=${`cord ${state} ${end}`} aria-hidden="true">
    <path class="cord-line" d=${points} />
    <rect class="cord-sleeve" x=${plug.x} y=${plug.y - sleeve.height / 2} width=${sleeve.width} height=${sleeve.height} rx="2" />
    <rect class="cord-tip" x=${plug.x + sleeve.width} y=${plug.y - tip.height / 2} width=${tip.width} height=${tip.height} rx="1" />
  </svg>`;
}

function measureLine(place, { from, to, turn, within }) {
  const [start, finish, edge] = [from, to, turn].map((selector) => place.querySelector(selector));
  if (!start || !finish || !edge || start.getClientRects().length === 0) return null;
  const origin = place.getBoundingClientRect();
  const a = start.getBoundingClientRect();
  const b = finish.getBoundingClientRect();
  const clip = within ? place.querySelector(within).getBoundingClientRect() : null;
  const y = a.top + a.height / 2;
  return {
    from: { x: a.right - origin.left - 1, y: (clip ? Math.min(Math.max(y, clip.top), clip.bottom) : y) - origin.top },
    turn: edge.getBoundingClientRect().left - origin.left,
    to: { x: b.left - origin.left - 6, y: b.top + b.height / 2 - origin.top },
  };
}

// Right to the edge, along it, and right again, with round corners where there is room for them.
export function pathOf(a, turn, b) {
  const r = Math.min(corner, Math.abs(b.y - a.y) / 2, Math.max(0, turn - a.x), Math.max(0, b.x - turn));
  const way = Math.sign(b.y - a.y);
  return [
    `M${a.x} ${a.y}H${turn - r}`,
    `Q${turn} ${a.y} ${turn} ${a.y + way * r}`,
    `V${b.y - way * r}`,
    `Q${turn} ${b.y} ${turn + r} ${b.y}`,
    `H${b.x}`,
  ].join('');
}
