import { html } from '/static/vendor/preact-htm.js';
import { calledOf } from '../model/names.js';

const pause = 1000; // what comes together is said together
const most = 120; // characters of a message that are said

let saying = null;
let heard = [];

// Says new messages of the open room to screen readers, once each; history that is loaded says nothing.
export function announce(chat, room, message) {
  if (room !== chat.current) return;
  if (document.hidden && room.unreadFrom === null) room.unreadFrom = message.seq;
  heard.push(message);
  saying ??= setTimeout(() => {
    const region = document.getElementById('announcer');
    if (region) region.textContent = wordsOf(heard);
    heard = [];
    saying = null;
  }, pause);
}

export function wordsOf(messages) {
  if (messages.length === 1) {
    const [{ senderId, senderName, message }] = messages;
    return `${calledOf(senderId, senderName)}: ${message.length > most ? `${message.slice(0, most)}…` : message}`;
  }
  const names = [...new Set(messages.map((m) => calledOf(m.senderId, m.senderName)))];
  return `${messages.length} new messages from ${names.length > 3 ? `${names.length} people` : new Intl.ListFormat('en').format(names)}`;
}

export function Announcer() {
  return html`<div id="announcer" class="unseen" aria-live="polite"></div>`;
}
