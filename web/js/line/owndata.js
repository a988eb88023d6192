const tries = 3; // of a page
const pause = 1000; // where the server advises none
const mostPages = 20_000; // half a million records

// All that the server keeps of the reader, asked for page by page: {userId, guest, records}. told(count) hears how many records there are so
// far; going() says whether the reader still wants it. Rejects with the RequestError of a page that did not come; null: it was stopped.
export async function gatherOwnData(ask, { told, going }) {
  const records = [];
  let cursor;
  for (let n = 0; n < mostPages && going(); n++) {
    const page = await pageOf(ask, cursor);
    records.push(...page.records);
    told(records.length);
    if (!page.more) return { userId: page.userId, guest: page.guest ?? false, records };
    cursor = page.cursor;
  }
  return null;
}

async function pageOf(ask, cursor) {
  for (let n = 1; ; n++) {
    try {
      const { data } = await ask('export', { cursor }, { apart: true });
      return data;
    } catch (error) {
      if (n === tries || !(error.retry || error.code === 'timeout')) throw error;
      await new Promise((over) => setTimeout(over, error.retryAfterMs || pause));
    }
  }
}
