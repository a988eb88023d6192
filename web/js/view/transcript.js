import { html, useEffect, useLayoutEffect, useMemo, useRef } from '/static/vendor/preact-htm.js';
import { countAfter, rowsOf } from '../model/rows.js';
import { Anchor } from './anchor.js';
import { useCurrent } from './current.js';
import { Notice } from './notice.js';
import { Row } from './row.js';

const ahead = 800; // pixels from where more messages are asked for

// A room's messages. The view never moves under a reader: it stays at the end for who is there, and where it is for who has scrolled up.
export function Transcript({ chat, room, handle, onMissed, go }) {
  const box = useRef(null);
  const anchor = useRef(null);
  const seenSeq = useRef(0); // the last number that was on the screen at the end
  const { log } = room;
  const current = useCurrent({ box, chat, room, go });
  const holes = room.gaps.holes;
  const { detached } = log;
  const pending = detached ? [] : chat.outbox.of(room.id);
  const stamp = pending.map((entry) => `${entry.id}${entry.state}${entry.note}`).join() + holes.map((hole) => hole.from + hole.kind).join();
  const rows = useMemo(
    () => rowsOf({ messages: log.messages, holes, pending, unreadFrom: room.unreadFrom, me: chat.me.id }),
    [log.messages, detached, stamp, room.unreadFrom],
  );
  const newest = log.messages.at(-1)?.seq ?? 0;
  const toEnd = () => {
    room.sought = null;
    if (log.detached && chat.line.state.kind === 'connected') {
      room.toNewest();
      chat.open(room.id);
    }
    anchor.current.toEnd();
  };

  const settle = () => {
    const { atEnd } = anchor.current;
    room.readerAt = anchor.current.seq;
    if (atEnd && !document.hidden && document.hasFocus()) {
      seenSeq.current = newest;
      chat.seen(room, log.head);
    } else if (atEnd && seenSeq.current === 0) seenSeq.current = newest;
    onMissed({ away: log.detached || (!atEnd && room.sought !== null), count: atEnd ? 0 : countAfter(log.messages, seenSeq.current, chat.me.id) + Math.max(0, log.head - Math.max(log.last, seenSeq.current)) });
  };
  const scrolled = () => {
    if (!box.current) return; // browsers tell of it a frame later, and the transcript may have gone meanwhile
    anchor.current.scrolled();
    settle();
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    if (scrollTop < ahead && room.older === 'idle' && !log.start) room.loadOlder();
    else if (scrollHeight - scrollTop - clientHeight < ahead && room.newer === 'idle' && log.detached) room.loadNewer();
  };

  useLayoutEffect(() => {
    anchor.current = new Anchor(box.current, () => log.detached);
    anchor.current.begin(box.current.querySelector('.unread-line'));
    seenSeq.current = Math.max(newest, room.readSeq ?? 0);
    const sizes = new ResizeObserver(() => anchor.current.hold());
    sizes.observe(box.current);
    sizes.observe(box.current.firstElementChild);
    handle.current = { toEnd };
    return () => sizes.disconnect();
  }, []);
  useLayoutEffect(() => anchor.current.hold(), [rows]);
  useLayoutEffect(() => {
    const row = room.sought && box.current.querySelector(`[data-seq="${room.sought.seq}"]`);
    if (!row) return;
    anchor.current.toRow(row);
    row.focus({ preventScroll: true });
  }, [room.sought]);
  useEffect(scrolled, [rows, room.older, room.newer]);
  useEffect(() => {
    const look = () => settle();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  });
  const ownCount = chat.outbox.of(room.id).length;
  const ownBefore = useRef(ownCount);
  useLayoutEffect(() => {
    if (ownCount > ownBefore.current) toEnd(); // who writes wants to see it
    ownBefore.current = ownCount;
  }, [ownCount]);

  const empty = rows.length === 0 && log.start;
  const lastOwn = room.private ? log.messages.findLast((m) => m.senderId === chat.me.id)?.messageId : undefined;
  return html`<div class="transcript" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${`Messages in ${room.title}`} onScroll=${scrolled}>
    <div class="transcript-rows">
      <${Older} room=${room} />
      ${empty && html`<${Empty} room=${room} />`}
      ${rows.map((row) => html`<${Row} key=${row.key} row=${row} me=${chat.me} chat=${chat} room=${room} last=${row.key === lastOwn}
        current=${row.message !== undefined && row.key === current} sought=${row.message !== undefined && row.message.seq === room.sought?.seq} unread=${
        row.kind === 'unread' ? countAfter(log.messages, room.unreadFrom - 1, chat.me.id) : 0} go=${go} />`)}
      ${detached && html`<${Newer} room=${room} />`}
    </div>
  </div>`;
}

function Older({ room }) {
  if (room.older === 'loading') return html`<p class="older quiet">Loading older messages</p>`;
  if (room.older instanceof Error) {
    return html`<p class="older">Older messages did not come. <button class="link" onClick=${() => room.loadOlder()}>Try again</button></p>`;
  }
  if (room.log.start && room.log.messages.length > 0 && !room.log.expired.length) {
    return html`<p class="older quiet">${room.private ? 'Here your conversation begins.' : `Here ${room.title} begins.`}</p>`;
  }
  return html`<p class="older" aria-hidden="true">${' '}</p>`;
}

function Newer({ room }) {
  if (!(room.newer instanceof Error)) return html`<p class="older quiet">Loading newer messages</p>`;
  return html`<p class="older">Newer messages did not come. <button class="link" onClick=${() => room.loadNewer()}>Try again</button></p>`;
}

function Empty({ room }) {
  if (room.private) {
    return html`<${Notice} title=${`You and ${room.title} have not written to each other yet.`} text="Only the two of you can read what is written here." />`;
  }
  return html`<${Notice} title="Nobody has spoken here yet." text=${`${room.title} is open to everyone. The first message starts it.`} />`;
}
