import { html, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { number } from '../model/limits.js';
import { gatherOwnData } from '../line/owndata.js';
import { Dialog } from './dialog.js';

// Hands the reader all that is kept of them as a file.
export function OwnData({ chat, onClose }) {
  const [count, setCount] = useState(null); // of records so far; null: not begun
  const [words, setWords] = useState({ done: '', problem: '' });
  const going = useRef(true);
  useEffect(() => () => {
    going.current = false;
  }, []);
  const gather = async () => {
    setWords({ done: '', problem: '' });
    setCount(0);
    try {
      const data = await gatherOwnData((...question) => chat.ask(...question), { told: setCount, going: () => going.current });
      if (!data) return;
      save(`switchboard-${new Date().toISOString().slice(0, 10)}.json`, data);
      setWords({ done: `${number(data.records.length)} records are in the file.`, problem: '' });
    } catch (error) {
      setWords({ done: '', problem: `It did not come whole: ${error.message}` });
    }
    setCount(null);
  };
  const busy = count !== null;
  return html`<${Dialog} title="Download my data" onClose=${onClose}>
    <p class="quiet small">What is kept of you: your name, your connections, rooms and roles, your messages, reactions, invitations and reports, and what moderators did. A JSON file is made and stays in this browser’s downloads.</p>
    <p class=${`note small ${words.problem ? 'problem' : ''}`} role="status">${busy ? `${number(count)} records so far` : words.problem || words.done}</p>
    <div class="dialog-actions">
      <button class="button" onClick=${onClose}>${busy ? 'Stop' : 'Close'}</button>
      <button class="button filled" disabled=${busy} onClick=${gather}>${words.problem ? 'Try again' : 'Download'}</button>
    </div>
  </${Dialog}>`;
}

function save(name, data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the download has begun by then
}
