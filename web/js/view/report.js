import { html, useState } from '/static/vendor/preact-htm.js';
import { Dialog } from './dialog.js';
import { Choice, Line } from './fields.js';
import { textOf } from './quote.js';

const reasons = ['Spam', 'Harassment', 'Hate', 'Violence', 'Private information', 'Something else'].map((reason) => [reason, reason]);
const longest = 200; // characters of a comment

// Has moderators look at somebody else's message.
export function Report({ chat, message, name, onClose }) {
  const [reason, setReason] = useState('Spam');
  const [comment, setComment] = useState('');
  const [state, setState] = useState({ busy: false, done: false, problem: '' });
  const report = async (event) => {
    event.preventDefault();
    setState({ busy: true, done: false, problem: '' });
    try {
      await chat.messages.report(message, reason, comment.trim());
      setState({ busy: false, done: true, problem: '' });
    } catch (error) {
      setState({ busy: false, done: false, problem: error.message });
    }
  };
  if (state.done) {
    return html`<${Dialog} key="done" title="Reported" onClose=${onClose}>
      <p class="quiet small" role="status">The moderators will look at it. ${name} is not told who reported it.</p>
      <div class="dialog-actions"><button class="button" autofocus onClick=${onClose}>Close</button></div>
    </${Dialog}>`;
  }
  return html`<${Dialog} key="ask" title=${`Report this message of ${name}`} onClose=${onClose}>
    <p class="quote" dir="auto">${textOf(chat.rooms.at(message.roomId), message)}</p>
    <form class="room-form" onSubmit=${report}>
      <${Choice} id="report-reason" label="Why" value=${reason} options=${reasons} onValue=${setReason} />
      <${Line} id="report-comment" label="What moderators should know" value=${comment} most=${longest} onValue=${setComment} />
      <p class="note small problem" role="alert">${state.problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button filled" disabled=${state.busy}>Report message</button>
      </div>
    </form>
  </${Dialog}>`;
}
