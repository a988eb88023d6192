import { html, useEffect, useRef } from '/static/vendor/preact-htm.js';

// A dialog over the page. Esc and a press outside close it; the focus goes back to where it was.
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => {
      if (document.activeElement === document.body) before?.focus(); // else somebody has gone on already
    };
  }, []);
  const outside = (event) => {
    if (event.target === dialog.current) onClose();
  };
  return html`<dialog class="dialog" ref=${dialog} aria-label=${title} onClose=${onClose} onMouseDown=${outside}>
    <h2>${title}</h2>
    ${children}
  </dialog>`;
}
