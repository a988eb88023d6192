import { html, useState } from '/static/vendor/preact-htm.js';
import { acts, spans } from '../model/measures.js';
import { Dialog } from './dialog.js';
import { Choice, Line, personIn, PersonField } from './fields.js';

const longest = 200; // characters of a reason

// Mutes, kicks or bans somebody, or takes that back; who is concerned reads the reason. Without a person it asks for one.
export function Moderate({ chat, room, person = null, onClose }) {
  const [text, setText] = useState('');
  const [act, setAct] = useState('mute');
  const [span, setSpan] = useState(String(spans.mute[0][0]));
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const people = chat.rooms.peopleSeen(chat.me);
  const choose = (next) => {
    setAct(next);
    if (spans[next]) setSpan(String(spans[next][0][0]));
  };
  const carryOut = async (event) => {
    event.preventDefault();
    const { id, problem: nobody } = person ?? personIn(text, people);
    const wrong = nobody ?? (reason.trim() === '' ? 'Say why: they read it.' : '');
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      await chat.membership.moderate(act, room, id, { seconds: spans[act] ? secondsOf(span) : undefined, reason: reason.trim() });
      onClose();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  const name = person?.name ?? 'somebody';
  return html`<${Dialog} title=${`Keep order: ${name} in ${room.title}`} onClose=${onClose}>
    <form class="room-form" onSubmit=${carryOut}>
      ${!person && html`<${PersonField} people=${people} value=${text} onValue=${setText} problem="" autofocus />`}
      <fieldset class="kinds"><legend>What to do</legend>
        ${Object.entries(acts).map(([one, { label, about }]) => html`<label key=${one} class="kind">
          <input type="radio" name="act" value=${one} checked=${one === act} onChange=${() => choose(one)} />
          <span><b>${label}</b> <span class="quiet">${about}</span></span>
        </label>`)}
      </fieldset>
      ${spans[act] && html`<${Choice} id="act-span" label="For" value=${span} onValue=${setSpan} options=${spans[act].map(([seconds, words]) => [String(seconds), words])} />`}
      <${Line} id="act-reason" label="Reason, which they read" value=${reason} most=${longest} onValue=${setReason} problem=${problem} />
      <p class="note small problem" role="alert">${problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class=${`button filled ${act.startsWith('un') ? '' : 'danger'}`} disabled=${busy}>${verbOf(act, name, span)}</button>
      </div>
    </form>
  </${Dialog}>`;
}

const secondsOf = (span) => (span === 'null' ? undefined : Number(span));

function verbOf(act, name, span) {
  if (act === 'unmute') return `Let ${name} write`;
  if (act === 'unban') return `Let ${name} in`;
  const [, words] = spans[act]?.find(([seconds]) => String(seconds) === span) ?? [];
  return `${acts[act].label} ${name}${words ? ` for ${words}` : ''}`;
}
