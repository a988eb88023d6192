// Times as people read them, in their own zone.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const thisYear = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const otherYear = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' });

export const timeOf = (ms) => clock.format(ms);
export const momentOf = (ms) => whole.format(ms);

export function dayOf(ms, now) {
  const day = new Date(ms);
  const name = (day.getFullYear() === new Date(now).getFullYear() ? thisYear : otherYear).format(day).replace(',', '');
  const ago = daysBetween(day, new Date(now));
  if (ago === 0) return `Today, ${name}`;
  if (ago === 1) return `Yesterday, ${name}`;
  return name;
}

export function sameDay(a, b) {
  return daysBetween(new Date(a), new Date(b)) === 0;
}

// Calendar days, which are not always 24 hours long.
function daysBetween(a, b) {
  return (Date.UTC(b.getFullYear(), b.getMonth(), b.getDate()) - Date.UTC(a.getFullYear(), a.getMonth(), a.getDate())) / 86_400_000;
}

// Whole seconds that are left, at least 1 while any time is.
export function secondsUntil(ms, now) {
  return Math.max(0, Math.ceil((ms - now) / 1000));
}
