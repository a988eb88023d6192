// Which parts of a text a search has found, as the server finds them: words that begin with a word of the query, without regard to case and accents.
const between = /[^\p{L}\p{N}\p{Mc}]+/u;
const ofWord = /[\p{L}\p{N}\p{Mc}]/u;
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u; // a word begins anywhere

const fold = (text) => text.normalize('NFKD').replace(/\p{Mn}/gu, '').toUpperCase().toLowerCase();

export const wordsOf = (query) => fold(query).split(between).filter((word) => word !== '');

// Gives parts {text, found} that make up the text.
export function foundIn(text, query) {
  const { folded, at } = foldedOf(text);
  const found = new Array(text.length).fill(false);
  for (const word of wordsOf(query)) {
    for (let from = folded.indexOf(word); from >= 0; from = folded.indexOf(word, from + word.length)) {
      if (from > 0 && ofWord.test(before(folded, from)) && !unspaced.test(word)) continue;
      found.fill(true, at[from], at[from + word.length]);
    }
  }
  return partsOf(text, found);
}

// The folded text, and where in the text each of its places is.
function foldedOf(text) {
  let folded = '';
  const at = [];
  let index = 0;
  for (const character of text) {
    const part = fold(character);
    for (let i = 0; i < part.length; i++) at.push(index);
    folded += part;
    index += character.length;
  }
  at.push(text.length);
  return { folded, at };
}

const before = (text, index) => [...text.slice(Math.max(0, index - 2), index)].at(-1);

function partsOf(text, found) {
  const parts = [];
  for (let i = 0; i < text.length; i++) {
    const last = parts.at(-1);
    if (last?.found === found[i]) last.text += text[i];
    else parts.push({ text: text[i], found: found[i] });
  }
  return parts;
}

// A long text from shortly before what was found first.
export function excerptOf(parts, most = 240) {
  const first = parts.findIndex((part) => part.found);
  if (first < 1 || parts[0].text.length < most / 2) return parts;
  const tail = parts[0].text.slice(-most / 4).replace(/^\S*\s/u, '');
  return [{ text: `…${tail}`, found: false }, ...parts.slice(1)];
}
