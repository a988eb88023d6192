import { useState } from '/static/vendor/preact-htm.js';
import { useDraft } from './draft.js';

// What is being written in a room: {text, setText, composing, edit, reply, stop, finish}. A draft waits while another message is edited.
export function useComposing(chat, room) {
  const [draft, setDraft] = useDraft(chat, room);
  const [changed, setChanged] = useState({ of: null, text: '' });
  const composing = room?.composing ?? null;
  const edit = composing?.edit ? room.log.latest(composing.edit) : null;
  const reply = composing?.reply ? room.log.latest(composing.reply) : null;
  const text = edit ? (changed.of === composing ? changed.text : edit.message) : draft;
  const stop = () => {
    room.composing = null;
    room.trouble = '';
    chat.changed();
  };
  const finish = async (written) => {
    if (edit) await saveEdit(chat, room, { message: edit, text: written, saved: () => room.composing === composing && stop() });
    else {
      chat.send(written);
      setDraft('');
    }
  };
  const setText = (written) => {
    room.trouble = '';
    if (edit) setChanged({ of: composing, text: written });
    else setDraft(written);
    if (!edit) chat.live.typing.wrote(room, written);
  };
  return { text, setText, composing, edit, reply, stop, finish };
}

// What is refused stays in the field, with the reason above it.
async function saveEdit(chat, room, { message, text, saved }) {
  try {
    if (text !== message.message) await chat.messages.edit(room, message, text);
    saved();
  } catch (error) {
    room.trouble = `Not changed: ${error.message}`;
    chat.changed();
  }
}
