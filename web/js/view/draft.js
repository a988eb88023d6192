import { useEffect, useRef, useState } from '/static/vendor/preact-htm.js';

const savePause = 300;

// The text of a room that was not sent, kept over a reload.
export function useDraft(chat, room) {
  const key = room && `draft:${room.id}`;
  const [draft, setDraft] = useState({ key: null, text: '' });
  const saving = useRef(null);
  const text = draft.key === key ? draft.text : ((key && chat.store.get(key)) ?? '');
  const keep = (written) => {
    setDraft({ key, text: written });
    clearTimeout(saving.current?.timer);
    const save = () => {
      if (written === '') chat.store.remove(key);
      else chat.store.set(key, written);
      saving.current = null;
    };
    saving.current = { save, timer: setTimeout(save, savePause) };
  };
  useEffect(() => {
    const saveNow = () => {
      clearTimeout(saving.current?.timer);
      saving.current?.save();
    };
    addEventListener('pagehide', saveNow);
    return () => {
      removeEventListener('pagehide', saveNow);
      saveNow();
    };
  }, [key]);
  return [text, keep];
}
