import { html } from '/static/vendor/preact-htm.js';

const paths = {
  find: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14',
  add: 'M8 3v10M3 8h10',
  more: 'M3 7.5h.9v.9H3zm4.5 0h.9v.9h-.9zm4.5 0h.9v.9h-.9z',
  people: 'M6 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 6 8M1.5 13.5c0-2.4 2-4 4.5-4s4.5 1.6 4.5 4M10.7 3.1a2.6 2.6 0 0 1 0 4.8M12.2 9.9c1.4.6 2.3 1.9 2.3 3.6',
  rooms: 'M2 4h12M2 8h8M2 12h10',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  settings: 'M1.5 5h6m4 0h3m-13 6h3m4 0h6M9.5 3.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6m-3 6a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
  send: 'M8 13V3M4 7l4-4 4 4',
  down: 'm4 6.5 4 4 4-4',
  reply: 'M6.5 3.5 2.5 7.5l4 4M2.5 7.5h6.5a4.5 4.5 0 0 1 4.5 4.5v1',
  react: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5.5 9.5a3 3 0 0 0 5 0M6 6.3v.4M10 6.3v.4',
  key: 'M4.5 7.5h7v6h-7zM5.8 7.5v-2a2.2 2.2 0 0 1 4.4 0v2',
  check: 'm3 8.5 3.5 3.5L13 4.5',
};

export function Icon({ name }) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true"><path d=${paths[name]} /></svg>`;
}

// Ring, cord and lamp: the sign of page and dashboard.
export function Mark() {
  return html`<svg class="mark" viewBox="0 0 32 24" aria-hidden="true"><use href="/static/mark.svg#mark" /></svg>`;
}
