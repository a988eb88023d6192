import { html, useState } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';
import { governs } from '../model/rights.js';
import { Dialog } from './dialog.js';
import { Choice, personIn, PersonField } from './fields.js';
import { Invited } from './invited.js';

// Invites one person after another to a room, and shows who is invited.
export function Invite({ chat, room, onClose }) {
  const [text, setText] = useState('');
  const [role, setRole] = useState('member');
  const [problem, setProblem] = useState('');
  const [done, setDone] = useState('');
  const [times, setTimes] = useState(0);
  const people = chat.rooms.peopleSeen(chat.me).filter(({ id }) => !room.belong.people.has(id));
  const invite = async (event) => {
    event.preventDefault();
    setDone('');
    const { id, problem: nobody } = personIn(text, people);
    setProblem(nobody ?? '');
    if (nobody) return;
    try {
      const invited = await chat.membership.invite(room, id, role);
      setDone(`${chat.rooms.nameOf(id) || id} ${invited ? 'is invited' : 'is a member already'}.`);
      setText('');
      setTimes(times + 1);
    } catch (error) {
      setProblem(error.message);
    }
  };
  return html`<${Dialog} title=${`Invite to ${room.title}`} onClose=${onClose}>
    <form class="room-form" onSubmit=${invite}>
      <${PersonField} people=${people} value=${text} onValue=${(value) => { setText(value); setProblem(''); }} problem=${problem} autofocus />
      ${governs(room, chat.me) && html`<${Choice} id="invite-role" label="As" value=${role} onValue=${setRole} options=${[['member', 'Member'], ['moderator', 'Moderator']]} />`}
      <p class=${`note small ${problem ? 'problem' : ''}`} role="status">${problem || done}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Close</button>
        <button class="button filled">Invite</button>
      </div>
    </form>
    <${Invited} key=${times} chat=${chat} room=${room} onDone=${setDone} />
  </${Dialog}>`;
}

// Those who have invited the reader, above the rooms.
export function Invitations({ chat, go }) {
  const invites = [...chat.membership.invites.values()];
  if (invites.length === 0) return null;
  return html`<section aria-label="Invitations">
    <h2 class="side-word">Invitations <span>${invites.length}</span></h2>
    <ul>${invites.map((invite) => html`<${Invitation} key=${invite.roomId} invite=${invite} chat=${chat} go=${go} />`)}</ul>
  </section>`;
}

function Invitation({ invite, chat, go }) {
  const [busy, setBusy] = useState(false);
  const answer = (accepted) => async () => {
    setBusy(true);
    try {
      await chat.membership.answer(invite, accepted);
      if (accepted) go.room(invite.roomId);
    } catch (error) {
      chat.membership.say(error.message);
    }
  };
  return html`<li class="invitation">
    <p><span class="lamp-dot needs" aria-hidden="true"></span><b dir="auto">${invite.name}</b></p>
    <p><span class="quiet" dir="auto">${calledOf(invite.by, invite.byName || invite.by)} invites you${invite.role === 'moderator' ? ' as a moderator' : ''}</span></p>
    <button class="button" disabled=${busy} data-item aria-label=${`Accept: ${invite.name}`} onClick=${answer(true)}>Accept</button>
    <button class="link quiet" disabled=${busy} data-item aria-label=${`Decline: ${invite.name}`} onClick=${answer(false)}>Decline</button>
  </li>`;
}
