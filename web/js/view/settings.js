import { html, useState } from '/static/vendor/preact-htm.js';
import { changesTo, inheritable } from '../model/policy.js';
import { governs, roomsAbove } from '../model/rights.js';
import { Dialog } from './dialog.js';
import { Choice, Line } from './fields.js';

const follows = 'as above';
const yes = 'yes';
const no = 'no';

const slow = [[0, 'Off'], [5, '5 seconds'], [10, '10 seconds'], [30, '30 seconds'], [60, '1 minute'], [300, '5 minutes'], [900, '15 minutes'], [3600, '1 hour'], [21_600, '6 hours']];
const kept = [[1, '1 day'], [7, '7 days'], [30, '30 days'], [90, '90 days'], [365, '1 year']];

// The settings with a choice each: by whom, how it is shown, and what is chosen as the room's value.
const settings = [
  { name: 'locked', label: 'Who writes', options: [[no, 'Everyone here'], [yes, 'Moderators only: locked']], shown: (on) => (on ? yes : no), chosen: (text) => text === yes },
  { name: 'slowModeSeconds', label: 'Slow mode', options: slow, shown: String, chosen: Number, unit: 'seconds' },
  { name: 'visibility', label: 'Who can come in', owner: true, options: [['public', 'Everyone: public'], ['unlisted', 'Whoever has the address: unlisted'], ['private', 'Who is invited: private']], shown: String, chosen: String },
  { name: 'guests', label: 'Guests', owner: true, options: [[yes, 'Can come in'], [no, 'Must sign in first']], shown: (on) => (on ? yes : no), chosen: (text) => text === yes },
  { name: 'retentionDays', label: 'Messages are kept', owner: true, options: kept, shown: String, chosen: Number, unit: 'days' },
  { name: 'roles', label: 'Who invites', owner: true, options: [['member', 'Every member'], ['moderator', 'Moderators'], ['owner', 'The owner']], shown: ({ invite }) => invite, chosen: (invite) => ({ invite }) },
];

// A room's rules, for its moderators: whoever governs it changes all of them.
export function RoomSettings({ chat, room, onClose }) {
  const [known] = useState({ ...room.policy, name: room.name, topic: room.topic });
  const [wanted, setWanted] = useState({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const parentId = wanted.parentId ?? known.parentId;
  const all = governs(room, chat.me);
  const set = (name) => (value) => {
    setWanted({ ...wanted, [name]: value });
    setProblem('');
  };
  const save = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const changes = changesTo(known, wanted);
      if (Object.keys(changes).length > 0) await chat.membership.update(room, changes);
      onClose();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${`Settings of ${room.title}`} onClose=${onClose}>
    <form class="room-form" onSubmit=${save}>
      <${Line} id="room-name" label="Name" value=${wanted.name ?? known.name} most=${64} onValue=${set('name')} autofocus />
      <${Line} id="room-topic" label="Topic" value=${wanted.topic ?? known.topic} most=${200} onValue=${set('topic')} />
      ${all && html`<${Beneath} chat=${chat} room=${room} value=${parentId} onValue=${set('parentId')} />`}
      <div class="room-choices">
        ${settings.filter(({ owner }) => !owner || all).map((setting) => html`<${Setting} key=${setting.name} setting=${setting} room=${room} known=${known}
          above=${all && parentId !== '' ? chat.rooms.get(parentId)?.title ?? 'the room above' : null} value=${wanted[setting.name]} onValue=${set(setting.name)} />`)}
      </div>
      <p class="note small problem" role="alert">${problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button filled" disabled=${busy}>Save</button>
      </div>
    </form>
  </${Dialog}>`;
}

function Beneath({ chat, room, value, onValue }) {
  const above = roomsAbove(chat.rooms.all, chat.me, room);
  const options = [['', 'No other room'], ...above.map((other) => [other.id, other.title])];
  if (value !== '' && !above.some((other) => other.id === value)) options.push([value, chat.rooms.get(value)?.title ?? value]);
  if (options.length === 1 || chat.rooms.all.some((other) => other.policy.parentId === room.id)) return null; // there are two levels
  return html`<${Choice} id="room-parent" label="Beneath" value=${value} options=${options} onValue=${onValue} />`;
}

// above: the name of the room that it can follow, or null. value: what was chosen; undefined: nothing yet.
function Setting({ setting, room, known, above, value, onValue }) {
  const { name, label, shown, chosen } = setting;
  const inherits = known.inherited.includes(name) && above !== null;
  const now = value === undefined ? (inherits ? follows : shown(known[name])) : value === null ? follows : shown(value);
  const options = optionsOf(setting, known[name], room);
  if (above !== null && inheritable.includes(name)) options.unshift([follows, `As in ${above}`]);
  return html`<${Choice} id=${`room-${name}`} label=${label} value=${now} options=${options} onValue=${(text) => onValue(text === follows ? null : chosen(text))} />`;
}

// What is set stays a choice, and a room whose address can be guessed is never private.
function optionsOf({ name, options, shown, unit }, value, room) {
  const list = options.map(([option, words]) => [String(option), words]).filter(([option]) => option !== 'private' || room.id.startsWith('r_'));
  if (!list.some(([option]) => option === shown(value))) list.push([shown(value), unit ? `${value} ${unit}` : String(value)]);
  return list;
}
