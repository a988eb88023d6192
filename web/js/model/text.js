// What a message's text is made of. The page shows each part as a text node, so nothing in it is ever markup.
const address = /https?:\/\/[^\s<>"'`\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const closers = { ')': '(', ']': '[', '}': '{' };

// Gives parts {kind: 'text' | 'link' | 'mention', text, href?}; name is the reader's, whose mentions are marked.
export function partsOf(text, name) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const link = withoutEnding(match[0]);
    if (!safe(link)) continue;
    parts.push(...plain(text.slice(at, match.index), name), { kind: 'link', text: link, href: new URL(link).href });
    at = match.index + link.length;
  }
  return [...parts, ...plain(text.slice(at), name)];
}

export function mentions(text, name) {
  return partsOf(text, name).some((part) => part.kind === 'mention');
}

function safe(link) {
  const url = parse(link);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

function parse(link) {
  try {
    return new URL(link);
  } catch {
    return null;
  }
}

// A sentence's full stop is not part of the address it ends with, and neither is a bracket that was opened before it.
function withoutEnding(link) {
  let end = link.length;
  for (; end > 0; end--) {
    const last = link[end - 1];
    const open = closers[last];
    const unopened = open && count(link.slice(0, end), open) < count(link.slice(0, end), last);
    if (!'.,;:!?…»“”’'.includes(last) && !unopened) break;
  }
  return link.slice(0, end);
}

function count(text, character) {
  return text.split(character).length - 1;
}

function plain(text, name) {
  const parts = [];
  let at = 0;
  for (const match of name ? text.matchAll(mentionOf(name)) : []) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    parts.push({ kind: 'mention', text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

// @ with the whole name or its first word, and no letter around.
function mentionOf(name) {
  const names = [name, name.split(/\s+/u)[0]].map((part) => part.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])@(?:${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
}
