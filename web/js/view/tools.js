import { html } from '/static/vendor/preact-htm.js';
import { mayDelete, mayEdit } from '../model/message.js';
import { calledOf } from '../model/names.js';
import { keepsOrder, mayActOn } from '../model/rights.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';
import { React } from './reactions.js';

// What one can do with the message that the reader is at.
export function Tools({ chat, room, message, go }) {
  const acts = actsOn({ chat, room, message, go });
  const sender = { id: message.senderId, name: calledOf(message.senderId, message.senderName) };
  const items = [
    { label: 'Reply', key: 'R', action: acts.r },
    { label: 'Copy text', key: 'C', action: acts.c },
    acts.e && { label: 'Edit', key: 'E', action: acts.e },
    ...(acts.delete ? [null, { label: 'Delete…', key: 'Del', danger: true, action: acts.delete }] : []),
    sender.id !== chat.me.id && chat.features.includes('report_message') && { label: 'Report…', action: () => go.dialog('report', { message, name: sender.name }) },
    mayActOn(room, sender, chat.me) && { label: `Mute, kick or ban ${sender.name}…`, danger: true, action: () => go.dialog('moderate', { room, person: sender }) },
  ].filter((item) => item !== undefined && item !== false);
  return html`<div class="tools">
    <${React} chat=${chat} room=${room} message=${message} />
    <button class="icon-button" aria-label="Reply" title="Reply (R)" onClick=${acts.r}><${Icon} name="reply" /></button>
    <${Menu} label="More about this message" icon="more" items=${items} flips />
  </div>`;
}

// The same by the key that stands beside each; what may not be done is not there.
export function actsOn({ chat, room, message, go }) {
  const may = { me: chat.me, keeps: keepsOrder(room, chat.me), seconds: room.editSeconds ?? chat.limits.editSeconds, now: Date.now() };
  const compose = (composing) => {
    room.composing = composing;
    room.trouble = '';
    chat.changed();
  };
  return {
    r: () => compose({ reply: message }),
    c: () => navigator.clipboard?.writeText(message.message),
    e: mayEdit(message, may) ? () => compose({ edit: message }) : undefined,
    delete: mayDelete(message, may) ? () => go.dialog('delete', message) : undefined,
  };
}
