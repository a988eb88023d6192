import { html } from '/static/vendor/preact-htm.js';

// What forms in dialogs are made of. onValue hears of every change.
export function Line({ id, label, value, most, onValue, problem = '', ...more }) {
  return html`<div><label for=${id}>${label}</label>
    <input id=${id} class="field" value=${value} maxlength=${most} autocomplete="off" dir="auto" aria-invalid=${problem !== ''}
      onInput=${(event) => onValue(event.target.value)} ...${more} /></div>`;
}

// options are [value, words].
export function Choice({ id, label, value, options, onValue, disabled = false }) {
  return html`<div><label for=${id}>${label}</label>
    <select id=${id} class="field" disabled=${disabled} onChange=${(event) => onValue(event.target.value)}>
      ${options.map(([option, words]) => html`<option value=${option} selected=${option === value}>${words}</option>`)}
    </select></div>`;
}

const kinds = [
  ['public', 'Public', 'Everyone finds it and can come in.'],
  ['unlisted', 'Unlisted', 'It is in no list. Whoever has its address can come in.'],
  ['private', 'Private', 'Only people who are invited know that it is there.'],
];

export function Visibility({ value, onValue }) {
  return html`<fieldset class="kinds"><legend>Who can come in</legend>
    ${kinds.map(([kind, word, about]) => html`<label key=${kind} class="kind">
      <input type="radio" name="visibility" value=${kind} checked=${kind === value} onChange=${() => onValue(kind)} />
      <span><b>${word}</b> <span class="quiet">${about}</span></span>
    </label>`)}
  </fieldset>`;
}

// A person by name from those the reader has seen, or by id. people are [{id, name}].
export function PersonField({ people, value, onValue, problem, ...more }) {
  return html`<div><label for="person-field">Person</label>
    <input id="person-field" class="field" list="people-seen" value=${value} maxlength="64" autocomplete="off" dir="auto" aria-describedby="person-note"
      aria-invalid=${problem !== ''} onInput=${(event) => onValue(event.target.value)} ...${more} />
    <datalist id="people-seen">${people.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</datalist>
    <p id="person-note" class="note small quiet">Their name, as far as you have seen them, or their id.</p></div>`;
}

// The id of the person whom a text means, or why it is nobody's: {id} or {problem}.
export function personIn(text, people) {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') return { problem: 'Say who.' };
  if (people.some(({ id }) => id === text.trim())) return { id: text.trim() };
  const named = people.filter(({ name }) => name.toLocaleLowerCase() === wanted);
  if (named.length > 1) return { problem: `${named.length} people have that name: take one from the list.` };
  return { id: named[0]?.id ?? text.trim() };
}
