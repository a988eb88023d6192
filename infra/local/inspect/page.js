// Asks each second what happened, and shows it.

import { callRow, connectionRow, time } from './view.js';

const every = 1000;
const at = (id) => document.getElementById(id);

let last = null;
let lastText = '';
let chosen = '';
let failedOnly = false;

const shown = () => last.invocations.filter((call) => !failedOnly || call.failure);

const drawCalls = () => {
  const focused = document.activeElement?.dataset?.id;
  const rows = shown().map((call) => callRow(call, call.id === chosen, choose));
  at('rows').replaceChildren(...rows);
  if (focused) at('rows').querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  at('no-calls').hidden = rows.length > 0;
  at('no-calls').textContent = failedOnly && last.invocations.length > 0
    ? 'None of the calls that are kept failed.'
    : 'Nothing has been called yet. Connect a client, and its $connect stands here.';
};

const drawConnections = () => {
  at('connection-rows').replaceChildren(...last.connections.map(connectionRow));
  at('connections').hidden = last.connections.length === 0;
  at('no-connections').hidden = last.connections.length > 0;
};

const drawDetail = () => {
  const call = last.invocations.find(({ id }) => id === chosen);
  if (!call) return;
  at('detail-title').textContent = `${call.function}, ${call.route}, at ${time(call.began)}`;
  at('failure').hidden = !call.failure;
  at('failure').textContent = call.failure;
  const dropped = call.dropped > 0 ? [`(${call.dropped} more lines)`] : [];
  at('log').textContent = [...call.lines, ...dropped].join('\n') || 'Nothing was logged.';
  at('replay').textContent = call.replay || 'There is no command for this one.';
};

const draw = () => {
  at('connected').textContent = last.connected;
  at('calls').textContent = last.calls;
  at('failures').textContent = last.failures;
  at('colds').textContent = last.coldStarts;
  drawCalls();
  drawConnections();
  drawDetail();
};

async function choose(id) {
  chosen = id;
  draw();
  at('detail-hint').hidden = true;
  at('detail-parts').hidden = false;
  const answer = await fetch(`events/${encodeURIComponent(id)}`);
  const text = await answer.text();
  if (id === chosen) at('event').textContent = text;
}

const filter = (only) => {
  failedOnly = only;
  at('all').setAttribute('aria-pressed', String(!only));
  at('failed').setAttribute('aria-pressed', String(only));
  if (last) drawCalls();
};

const say = (word, lamp) => {
  if (at('line').textContent !== word) at('line').textContent = word;
  at('lamp').className = `lamp-dot ${lamp}`;
};

const ask = async () => {
  try {
    const answer = await fetch('state');
    const text = await answer.text();
    if (text !== lastText) {
      last = JSON.parse(text);
      lastText = text;
      draw();
    }
    say('Live', 'on');
  } catch {
    say('Not reached: the run has ended, or is busy. Trying again each second.', 'away');
  }
  setTimeout(ask, every);
};

at('all').addEventListener('click', () => filter(false));
at('failed').addEventListener('click', () => filter(true));
// Arrows go from call to call.
at('rows').addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...at('rows').querySelectorAll('button')];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
});
ask();
