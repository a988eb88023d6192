import { html, useLayoutEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { endOf, held } from '../model/measures.js';
import { calledOf } from '../model/names.js';
import { Dialog } from './dialog.js';
import { Line } from './fields.js';
import { PagesEnd, usePages } from './pages.js';

const longest = 200; // characters of a reason

// Who is muted or banned in a room, until when, by whom and why, with a way to lift it.
export function Measures({ chat, room, onClose }) {
  const list = usePages(async (cursor) => {
    const { measures, ...rest } = await chat.membership.measures(room, cursor);
    return { items: measures, ...rest };
  });
  const [lifting, setLifting] = useState(null);
  const [done, setDone] = useState('');
  const close = useRef(null);
  const lifted = (measure) => {
    list.drop(measure);
    setLifting(null);
    setDone(`${nameOf(measure)} ${held[measure.act].done}.`);
    close.current.focus();
  };
  return html`<${Dialog} title=${`Muted and banned in ${room.title}`} onClose=${onClose}>
    <ul class="measures">
      ${list.items.map((measure) => html`<${Measure} key=${`${measure.userId} ${measure.act}`} chat=${chat} room=${room} measure=${measure}
        open=${lifting === measure} onOpen=${(open) => { setDone(''); setLifting(open ? measure : null); }} onLifted=${() => lifted(measure)} />`)}
    </ul>
    <${PagesEnd} list=${list} what="Who is muted or banned" empty="Nobody is muted or banned here. To do that, use the menu beside a person or a message." />
    <p class="note small" role="status">${done}</p>
    <div class="dialog-actions"><button class="button" ref=${close} onClick=${onClose}>Close</button></div>
  </${Dialog}>`;
}

const nameOf = ({ userId, name }) => calledOf(userId, name || userId);

function Measure({ chat, room, measure, open, onOpen, onLifted }) {
  const { act, until, forGood, reason, by, byName } = measure;
  const { word, verb } = held[act];
  const name = nameOf(measure);
  const who = by ? ` by ${by === chat.me.id ? 'you' : calledOf(by, byName || by)}` : '';
  return html`<li class="measure">
    <p><b dir="auto">${name}</b>
      <span class="quiet" dir="auto">${word}${endOf(forGood ? null : until * 1000, Date.now())}${who}: ${reason}</span></p>
    ${open ? html`<${Lift} chat=${chat} room=${room} measure=${measure} onCancel=${() => onOpen(false)} onLifted=${onLifted} />`
      : html`<button class="button" aria-label=${`${verb} ${name}`} onClick=${() => onOpen(true)}>${verb}…</button>`}
  </li>`;
}

// Asks why, which the person reads.
function Lift({ chat, room, measure, onCancel, onLifted }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const { lift, verb } = held[measure.act];
  useLayoutEffect(() => form.current.querySelector('input').focus(), []);
  const carryOut = async (event) => {
    event.preventDefault();
    if (reason.trim() === '') {
      setProblem('Say why: they read it.');
      return;
    }
    setBusy(true);
    try {
      await chat.membership.moderate(lift, room, measure.userId, { reason: reason.trim() });
      onLifted();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<form class="room-form" ref=${form} onSubmit=${carryOut}>
    <${Line} id="lift-reason" label="Reason, which they read" value=${reason} most=${longest} onValue=${setReason} problem=${problem} />
    <p class="note small problem" role="alert">${problem}</p>
    <div class="dialog-actions">
      <button type="button" class="button" onClick=${onCancel}>Cancel</button>
      <button class="button filled" disabled=${busy}>${verb} ${nameOf(measure)}</button>
    </div>
  </form>`;
}
