import { useEffect, useMemo, useRef, useState } from '/static/vendor/preact-htm.js';

const savePause = 300;

// The text of a room that was not sent, kept over a reload.
export function useDraft(chat, room) {
  const key = room && `draft:${room.id}`;
  const [draft, setDraft] = useState({ key: null, text: '' }); // what was typed here
  const kept = useKept(chat, key);
  const saving = useRef(null);
  const text = draft.key === key ? draft.text : kept;
  const keep = (written) => {
    setDraft({ key, text: written });
    clearTimeout(saving.current?.timer);
    const save = () => {
      if (written === '') chat.store.remove(key);
      else chat.store.set(key, written);
      saving.current = null;
    };
    if (written === '') save(); // at once, so that no other window offers what was sent
    else saving.current = { save, timer: setTimeout(save, savePause) };
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

// The text that is kept: read once, and again when another window has changed it.
function useKept(chat, key) {
  const [changes, count] = useState(0);
  useEffect(() => {
    const changed = (event) => chat.store?.is(event.key, key) && count((n) => n + 1);
    addEventListener('storage', changed);
    return () => removeEventListener('storage', changed);
  }, [chat, key]);
  return useMemo(() => (key && chat.store.get(key)) ?? '', [chat, key, changes]);
}
