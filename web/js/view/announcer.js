import { html } from '/static/vendor/preact-htm.js';
import { isDeleted } from '../model/message.js';
import { calledOf } from '../model/names.js';

const pause = 1000; // what comes together is said together
const most = 120; // characters of a message that are said
const lasting = 5000; // milliseconds until the words go from the page again

let saying = null;
let emptying = null;
let heard = [];

// Says new messages of the open room to screen readers, once each, but those that were deleted meanwhile; history that is loaded says nothing.
export function announce(chat, room, message) {
  if (room !== chat.current) return;
  if (document.hidden && room.unreadFrom === null) room.unreadFrom = message.seq;
  heard.push({ log: room.log, message });
  saying ??= setTimeout(() => {
    say(heard.map(({ log, message }) => log.latest(message)).filter((latest) => !isDeleted(latest)));
    heard = [];
    saying = null;
  }, pause);
}

function say(messages) {
  const region = document.getElementById('announcer');
  if (!region || messages.length === 0) return;
  region.textContent = wordsOf(messages);
  clearTimeout(emptying);
  emptying = setTimeout(() => { region.textContent = ''; }, lasting);
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
