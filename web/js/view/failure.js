import { html } from '/static/vendor/preact-htm.js';
import { failureOf } from '../model/start.js';
import { Mark } from './icon.js';

// In place of a page that could not begin: why, and what to do.
export function Failure({ error, again }) {
  const { what, then } = failureOf(error, { online: navigator.onLine, secure: isSecureContext });
  return html`<main class="failure">
    <${Mark} />
    <h1>Switchboard could not be loaded</h1>
    <p role="alert">${what} ${then}</p>
    <button class="button filled" onClick=${again}>Try again</button>
  </main>`;
}
