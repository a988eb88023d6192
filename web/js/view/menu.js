import { html, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { moveWithArrows } from './hooks.js';
import { Icon } from './icon.js';
import { sideOf } from './side.js';

// A button that opens a menu: items are {label, key, danger, checked, action} or null for a line between them. flips: it opens
// above its button where that is low on the screen.
export function Menu({ label, icon, items, above = false, flips = false }) {
  const [open, setOpen] = useState(false);
  const place = useRef(null);
  const close = (focus) => {
    setOpen(false);
    if (focus) place.current.querySelector('button').focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    place.current.querySelector('[data-item]').focus();
    const outside = (event) => {
      if (!place.current.contains(event.target)) close(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const keys = (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close(true);
    } else if (event.key === 'Tab') close(false);
    else moveWithArrows(event);
  };
  return html`<div class="menu-place" ref=${place}>
    <button class="icon-button" aria-label=${label} title=${label} aria-haspopup="menu" aria-expanded=${open !== false} onClick=${() => setOpen(!open && (flips ? sideOf(place.current) : above ? 'above' : 'below'))}>
      <${Icon} name=${icon} />
    </button>
    ${open && html`<div class=${`menu ${open}`} role="menu" aria-label=${label} onKeyDown=${keys}>
      ${items.map((item) => (item === null ? html`<hr />` : html`<${Item} item=${item} close=${close} />`))}
    </div>`}
  </div>`;
}

function Item({ item, close }) {
  const act = () => {
    close(true);
    item.action();
  };
  const role = item.checked === undefined ? 'menuitem' : 'menuitemradio';
  return html`<button class=${`menu-item ${item.danger ? 'danger' : ''}`} role=${role} aria-checked=${item.checked} tabindex="-1" data-item onClick=${act}>
    <span>${item.label}</span>
    ${item.key && html`<kbd>${item.key}</kbd>`}${item.checked && html`<${Icon} name="check" />`}
  </button>`;
}
