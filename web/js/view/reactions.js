import { html, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { atHand, isEmoji, nameOf } from '../model/emoji.js';
import { isMine } from '../model/message.js';
import { Icon } from './icon.js';
import { sideOf } from './side.js';

// The reactions that a message has; a press gives the same one, or takes one's own back.
export function Reactions({ chat, room, message }) {
  return html`<ul class="reactions" aria-label="Reactions">
    ${message.reactions.map(({ emoji, count, mine }) => html`<li key=${emoji}><button class="reaction" aria-pressed=${Boolean(mine)}
      aria-label=${`${nameOf(emoji)}, ${count}`} onClick=${() => chat.messages.react(room, message, emoji, !mine)}><span aria-hidden="true">${emoji}</span> ${count}</button></li>`)}
  </ul>`;
}

// A button that opens the emoji at hand, and a field for any other.
export function React({ chat, room, message }) {
  const place = useRef(null);
  const [open, setOpen] = useState(null); // above or below
  const [other, setOther] = useState('');
  const problem = other !== '' && !isEmoji(other) ? 'One emoji, nothing else' : '';
  useLayoutEffect(() => {
    if (!open) return undefined;
    place.current.querySelector('.picker button').focus();
    const outside = (event) => !place.current.contains(event.target) && setOpen(null);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const close = () => {
    setOpen(null);
    setOther('');
    place.current.querySelector('button').focus();
  };
  const give = (emoji) => {
    close();
    chat.messages.react(room, message, emoji, !isMine(message, emoji));
  };
  const keys = (event) => {
    event.stopPropagation(); // these are not the message's
    if (event.key === 'Escape') close();
    else moveSideways(event);
  };
  return html`<div class="menu-place" ref=${place}>
    <button class="icon-button" aria-label="React" title="React (A)" data-tool="react" aria-haspopup="dialog" aria-expanded=${open !== null}
      onClick=${() => setOpen(open ? null : sideOf(place.current))}><${Icon} name="react" /></button>
    ${open && html`<div class=${`menu picker ${open}`} role="dialog" aria-label="React" onKeyDown=${keys}>
      <div class="picker-row">${atHand.map(({ emoji, name }) => html`<button class="picker-emoji" aria-label=${name} title=${name} aria-pressed=${isMine(message, emoji)}
        onClick=${() => give(emoji)}>${emoji}</button>`)}</div>
      <form class="picker-other" onSubmit=${(event) => { event.preventDefault(); if (isEmoji(other)) give(other); }}>
        <input class="field" aria-label="Any other emoji" placeholder="Any other emoji" value=${other} maxlength="24" autocomplete="off"
          aria-invalid=${problem !== ''} title=${problem} onInput=${(event) => setOther(event.target.value.trim())} />
        <button class="button" disabled=${!isEmoji(other)}>React</button>
      </form>
      <p class="picker-note small problem" aria-live="polite">${problem}</p>
    </div>`}
  </div>`;
}

function moveSideways(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll('.picker-emoji')];
  const at = buttons.indexOf(document.activeElement);
  if (step && at >= 0) buttons[Math.max(0, Math.min(buttons.length - 1, at + step))].focus();
}
