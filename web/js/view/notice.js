import { html } from '/static/vendor/preact-htm.js';

// A sentence in place of messages, with what one can do.
export function Notice({ title, text, children }) {
  return html`<div class="transcript-empty"><div class="notice" role="status">
    <p class="notice-title">${title}</p>
    ${text && html`<p class="quiet">${text}</p>`}
    <div class="notice-actions">${children}</div>
  </div></div>`;
}

const lines = [[46, 88], [0, 52], [60, 68], [40, 92], [0, 84], [0, 30], [52, 46]];

export function Loading() {
  return html`<div class="transcript-loading" role="status" aria-label="Loading messages">
    ${lines.map(([name, text]) => html`<div class="message">
      <div class="name">${name > 0 && html`<div class="skeleton" style=${{ width: `${name}%` }}></div>`}</div>
      <div class="skeleton" style=${{ width: `${text}%` }}></div>
    </div>`)}
  </div>`;
}
