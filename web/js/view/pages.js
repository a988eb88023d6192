import { html, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';

const mostEmpty = 10; // pages in a row; what they held has ended meanwhile

// A list that the server gives page by page: {items, more, state, next, drop}. state is loading, done, or the RequestError that it failed with.
// fetch(cursor) gives {items, cursor, more}.
export function usePages(fetch) {
  const [list, setList] = useState({ items: [], cursor: undefined, more: false, state: 'loading' });
  const shown = useRef(true);
  const set = (change) => shown.current && setList((now) => ({ ...now, ...change(now) }));
  const load = async (cursor) => {
    set(() => ({ state: 'loading' }));
    try {
      let page = await fetch(cursor);
      for (let n = 0; n < mostEmpty && page.items.length === 0 && page.more; n++) page = await fetch(page.cursor);
      set(({ items }) => ({ items: [...items, ...page.items], cursor: page.cursor, more: page.more, state: 'done' }));
    } catch (error) {
      set(() => ({ state: error }));
    }
  };
  useEffect(() => {
    load(undefined);
    return () => {
      shown.current = false;
    };
  }, []);
  return { ...list, next: () => load(list.cursor), drop: (gone) => set(({ items }) => ({ items: items.filter((item) => item !== gone) })) };
}

// The end of such a list: that it loads, that it is empty, why it did not come, or that there is more.
export function PagesEnd({ list, empty, what }) {
  const { items, more, state, next } = list;
  if (state instanceof Error) return html`<p class="note small problem" role="alert">${what} did not come: ${state.message} <button type="button" class="link" onClick=${next}>Try again</button></p>`;
  if (state === 'loading') return html`<div class="side-skeleton" role="status" aria-label=${`Loading ${what.toLowerCase()}`}>${[70, 55].map((width) => html`<div class="skeleton" style=${{ width: `${width}%` }}></div>`)}</div>`;
  if (more) return html`<p class="note small"><button type="button" class="link" onClick=${next}>Show more</button></p>`;
  return items.length === 0 ? html`<p class="note small quiet">${empty}</p>` : null;
}
