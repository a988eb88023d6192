import { html, useRef, useState } from '/static/vendor/preact-htm.js';
import { roomIdOf } from '../model/names.js';
import { roomsAbove } from '../model/rights.js';
import { Dialog } from './dialog.js';
import { CreateRoom } from './dialogs.js';
import { Choice, Line, Visibility } from './fields.js';

// Makes a room. A guest's rooms are nobody's and open to all.
export function NewRoom(props) {
  return props.chat.me.guest ? html`<${CreateRoom} ...${props} />` : html`<${OwnRoom} ...${props} />`;
}

function OwnRoom({ chat, go, onClose }) {
  const [wanted, setWanted] = useState({ name: '', topic: '', visibility: 'public', parentId: '' });
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const request = useRef(null); // the same room, however often it is asked for
  const above = roomsAbove(chat.rooms.all, chat.me);
  const set = (name) => (value) => {
    setWanted({ ...wanted, [name]: value });
    setProblem('');
  };
  const create = async (event) => {
    event.preventDefault();
    if (wanted.name.trim() === '') {
      setProblem('Give the room a name.');
      return;
    }
    setBusy(true);
    try {
      request.current ??= crypto.randomUUID();
      const id = await chat.membership.create(fieldsOf(wanted, request.current));
      onClose();
      go.room(id);
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title="New room" onClose=${onClose}>
    <form class="room-form" onSubmit=${create}>
      <${Line} id="room-name" label="Name" value=${wanted.name} most=${64} onValue=${set('name')} problem=${problem} autofocus />
      <${Line} id="room-topic" label="Topic" value=${wanted.topic} most=${200} onValue=${set('topic')} />
      ${above.length > 0 && html`<${Choice} id="room-parent" label="Beneath" value=${wanted.parentId} onValue=${set('parentId')}
        options=${[['', 'No other room'], ...above.map((room) => [room.id, room.title])]} />`}
      <${Visibility} value=${wanted.visibility} onValue=${set('visibility')} />
      <p class="note small problem" role="alert">${problem}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button filled" disabled=${busy}>Create room</button>
      </div>
    </form>
  </${Dialog}>`;
}

// A public room has its name in its address where that can be; others have one that nobody can guess.
function fieldsOf({ name, topic, visibility, parentId }, request) {
  const { id } = visibility === 'public' ? roomIdOf(name) : {};
  const follows = parentId !== '' && visibility === 'public'; // it is as open as the room above
  const fields = { name: name.trim(), topic: topic.trim(), visibility: follows ? undefined : visibility, parentId: parentId || undefined };
  return id ? { ...fields, roomId: id } : { ...fields, clientRoomId: request };
}
