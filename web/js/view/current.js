import { useEffect, useState } from '/static/vendor/preact-htm.js';
import { isDeleted } from '../model/message.js';
import { actsOn } from './tools.js';

const longPress = 500; // milliseconds

// The message that the reader is at, by pointer, finger or keyboard: its id, or null. Arrow keys go from message to message.
export function useCurrent({ box, chat, room, go }) {
  const [current, setCurrent] = useState(null);
  useEffect(() => {
    const place = box.current;
    const idAt = (target) => target.closest?.('.message[data-id]')?.dataset.id ?? null;
    const busy = () => place.querySelector('.tools [aria-expanded="true"]') !== null;
    const move = (event) => {
      if (event.pointerType === 'mouse' && !busy() && !place.querySelector('.tools:focus-within')) setCurrent(idAt(event.target));
    };
    const away = (event) => event.pointerType === 'mouse' && !busy() && !place.contains(document.activeElement) && setCurrent(null);
    const focused = (event) => setCurrent(idAt(event.target));
    const tapped = (event) => {
      if (!busy() && !event.target.closest('a, button')) setCurrent(idAt(event.target));
    };
    let pressing = null;
    const release = () => clearTimeout(pressing);
    const press = (event) => {
      release();
      if (event.pointerType !== 'touch') return;
      pressing = setTimeout(() => openMenu(place, idAt(event.target), setCurrent), longPress);
    };
    const keys = (event) => onKey(event, { place, chat, room, go, current: idAt(document.activeElement) });
    const events = { pointerover: move, pointerleave: away, focusin: focused, click: tapped, pointerdown: press, pointerup: release, pointercancel: release, keydown: keys };
    for (const [name, act] of Object.entries(events)) place.addEventListener(name, act);
    return () => {
      release();
      for (const [name, act] of Object.entries(events)) place.removeEventListener(name, act);
    };
  }, [chat, room]);
  return current;
}

function openMenu(place, id, setCurrent) {
  if (!id) return;
  setCurrent(id);
  requestAnimationFrame(() => place.querySelector('.tools .menu-place:last-child > button')?.click());
}

const steps = { ArrowDown: 1, ArrowUp: -1 };

function onKey(event, { place, chat, room, go, current }) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('.menu, input')) return;
  if (event.key in steps) {
    step(place, steps[event.key]);
    event.preventDefault();
    return;
  }
  if (event.key === 'Escape') place.closest('.conversation').querySelector('textarea').focus();
  const message = current && room.log.get(current);
  if (!message || isDeleted(message) || !event.target.matches('.message')) return;
  if (event.key.toLowerCase() === 'a') place.querySelector('[data-tool="react"]')?.click();
  else {
    const act = actsOn({ chat, room, message, go })[event.key.toLowerCase()];
    if (!act) return;
    act();
  }
  event.preventDefault();
}

// From the message that has the focus to the next one; at first to the last one that is shown.
function step(place, by) {
  const rows = [...place.querySelectorAll('.message[data-id]')];
  const at = rows.indexOf(document.activeElement.closest('.message'));
  const { bottom } = place.getBoundingClientRect();
  const first = rows.findLastIndex((row) => row.getBoundingClientRect().top < bottom - 8);
  const next = at < 0 ? first : Math.max(0, Math.min(rows.length - 1, at + by));
  rows[next]?.focus();
}
