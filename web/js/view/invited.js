import { html, useState } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';
import { dayOf } from '../model/when.js';
import { PagesEnd, usePages } from './pages.js';

// Who is invited to a room and has not answered, with a way to withdraw it. Made anew where somebody else is invited.
export function Invited({ chat, room, onDone }) {
  const list = usePages(async (cursor) => {
    const { invitations, ...rest } = await chat.membership.invitations(room, cursor);
    return { items: invitations, ...rest };
  });
  const withdrawn = (invitation) => {
    list.drop(invitation);
    onDone(`${nameOf(invitation)} is not invited any more.`);
  };
  return html`<section class="invited" aria-label="Invited">
    <h3>Invited</h3>
    <ul class="measures">${list.items.map((invitation) => html`<${Invitation} key=${invitation.userId} chat=${chat} room=${room} invitation=${invitation} onWithdrawn=${() => withdrawn(invitation)} />`)}</ul>
    <${PagesEnd} list=${list} what="Who is invited" empty="Nobody has an open invitation." />
  </section>`;
}

const nameOf = ({ userId, name }) => calledOf(userId, name || userId);

function Invitation({ chat, room, invitation, onWithdrawn }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { userId, role, by, byName, until } = invitation;
  const withdraw = async () => {
    setBusy(true);
    try {
      await chat.membership.setRole(room, userId, 'none');
      onWithdrawn();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<li class="measure">
    <p><b dir="auto">${nameOf(invitation)}</b>
      <span class="quiet" dir="auto">${role === 'moderator' ? 'As a moderator, by' : 'By'} ${by === chat.me.id ? 'you' : calledOf(by, byName || by)}, until ${dayOf(until * 1000, Date.now())}</span>
      <span class="problem" role="alert">${problem}</span></p>
    <button type="button" class="button" disabled=${busy} aria-label=${`Withdraw: ${nameOf(invitation)}`} onClick=${withdraw}>Withdraw</button>
  </li>`;
}
