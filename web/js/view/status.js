import { html } from '/static/vendor/preact-htm.js';

// The connection: one lamp with its word. The seconds are not read aloud.
export function Status({ chat, status }) {
  return html`<p class="status"><span class=${`lamp-dot ${status.lamp}`} aria-hidden="true"></span>
    <span role="status">${status.word.replace(/ in \d+ s$/u, '')}</span>${/ in \d+ s$/u.exec(status.word)?.[0] ?? ''}
    ${status.retry && html` <button class="link" onClick=${() => chat.line.hurry()}>Try now</button>`}</p>`;
}
