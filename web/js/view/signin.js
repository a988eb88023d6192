import { html, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { Cord } from './cord.js';
import { Mark } from './icon.js';

const longestName = 64;

// Who is speaking: somebody with an account, or a guest with a name. The cord runs to the way that has the hand.
export function SignIn({ config, problem, onGuest, onSignIn }) {
  const [way, setWay] = useState(onSignIn ? 'account' : 'guest');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const page = useRef(null);
  useLayoutEffect(() => {
    if (!onSignIn) page.current.querySelector('input')?.focus();
  }, []);

  const come = (event) => {
    event.preventDefault();
    if (name.trim() !== '') onGuest(name.trim());
  };
  const sign = async () => {
    setBusy(true);
    await onSignIn();
    setBusy(false);
  };
  const pick = (chosen) => ({ onPointerEnter: () => setWay(chosen), onFocusIn: () => setWay(chosen) });

  return html`<div class="signin" ref=${page}>
    <${Cord} place=${page} from=".question-jack" to=".way.picked .lamp-dot" state="solid" turn=".ways" />
    <header class="ask">
      <p class="brand"><${Mark} /> Switchboard</p>
      <div>
        <h1>Who is speaking? <span class="question-jack" aria-hidden="true"></span></h1>
        <p class="quiet">${waysIn(onSignIn, config.guests)}</p>
        ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      </div>
      <p class="quiet small">${config.development ? 'This runs on this machine only, for development.' : ''}</p>
    </header>
    <main class="ways">
      ${onSignIn && html`<section class=${`way ${way === 'account' ? 'picked' : ''}`} ...${pick('account')}>
        <span class=${`lamp-dot ${way === 'account' ? 'open' : ''}`} aria-hidden="true"></span>
        <div><h2>With your account</h2><p class="quiet">Your name, and your rooms and messages on every device.</p></div>
        <button class="button filled" disabled=${busy} onClick=${sign}>${busy ? 'One moment' : 'Sign in'}</button>
      </section>`}
      ${config.guests && html`<section class=${`way ${way === 'guest' ? 'picked' : ''}`} ...${pick('guest')}>
        <span class=${`lamp-dot ${way === 'guest' ? 'open' : ''}`} aria-hidden="true"></span>
        <div><h2>As a guest</h2><p class="quiet">Others see the word guest beside your name. You are the same guest until you close this window.</p></div>
        <form onSubmit=${come}>
          <label for="guest-name">Name as a guest</label>
          <div class="guest-line">
            <input id="guest-name" class="field" value=${name} maxlength=${longestName} autocomplete="nickname" required onInput=${(e) => setName(e.target.value)} />
            <button class=${`button ${onSignIn ? '' : 'filled'}`}>Come in</button>
          </div>
        </form>
      </section>`}
    </main>
  </div>`;
}

function waysIn(accounts, guests) {
  if (accounts && guests) return 'Sign in, or give a name and come in as a guest.';
  if (guests) return 'Give a name and come in as a guest.';
  return accounts ? 'Sign in to come in. Guests are not let in here.' : 'Nobody can come in: this place has neither accounts nor guests.';
}
