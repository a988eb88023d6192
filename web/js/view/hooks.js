import { useEffect, useState } from '/static/vendor/preact-htm.js';

// Shows the chat anew after every change of it.
export function useChat(chat) {
  const [, show] = useState(0);
  useEffect(() => {
    const again = () => show((n) => n + 1);
    again(); // it may have changed since it was shown first
    return chat.onChange(again);
  }, [chat]);
}

// The time, once a second while something counts down.
export function useNow(counting) {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    if (!counting) return undefined;
    tick(Date.now());
    const timer = setInterval(() => tick(Date.now()), 500);
    return () => clearInterval(timer);
  }, [counting]);
  return counting ? now : Date.now();
}

const steps = { ArrowDown: 1, ArrowUp: -1 };

// Arrow keys, Home and End move between the items of a list.
export function moveWithArrows(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return; // these are the page's
  const items = [...event.currentTarget.querySelectorAll('[data-item]:not([hidden])')];
  const at = items.indexOf(document.activeElement);
  if (items.length === 0) return;
  let next;
  if (event.key in steps) next = at < 0 ? 0 : at + steps[event.key];
  else if (event.key === 'Home' && at >= 0) next = 0;
  else if (event.key === 'End' && at >= 0) next = items.length - 1;
  else return;
  event.preventDefault();
  items[Math.max(0, Math.min(items.length - 1, next))].focus();
}
