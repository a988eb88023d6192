import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentions, partsOf } from '../../js/model/text.js';

const links = (text) => partsOf(text, '').filter((part) => part.kind === 'link').map((part) => part.text);
const whole = (text) => partsOf(text, 'Ana Ruiz').map((part) => part.text).join('');

test('addresses are found, without the sentence around them', () => {
  for (const [text, want] of [
    ['see https://example.org.', ['https://example.org']],
    ['(https://example.org/a)', ['https://example.org/a']],
    ['https://example.org/a_(b)', ['https://example.org/a_(b)']],
    ['“https://example.org/x?y=1&z=2”, then http://b.example!', ['https://example.org/x?y=1&z=2', 'http://b.example']],
    ['<https://example.org>', ['https://example.org']],
    ['https://', []],
    ['ftp://example.org', []],
    ['javascript:alert(1)', []],
    ['data:text/html,hi', []],
    ['https://ana:secret@example.org', []],
  ]) assert.deepEqual(links(text), want, text);
});

test('a link leads where it says', () => {
  const [part] = partsOf('HTTPS://Example.org/A', '');
  assert.deepEqual(part, { kind: 'link', text: 'HTTPS://Example.org/A', href: 'https://example.org/A' });
});

test('nothing of a text is lost or changed', () => {
  for (const text of ['', 'a', '<script>alert(1)</script>', '@Ana https://example.org/<b> @ana ruiz.', '\u202egnp.exe https://a.example', '👩🏽‍💻 @Ana']) {
    assert.equal(whole(text), text);
  }
});

test('the reader is mentioned by the whole name or its first word', () => {
  for (const [text, want] of [
    ['@Ana can you', true],
    ['thanks (@ana ruiz)', true],
    ['@Anabel', false],
    ['mail ana@ana.example', false],
    ['Ana', false],
    ['@Änne', false],
  ]) assert.equal(mentions(text, 'Ana Ruiz'), want, text);
  for (const name of ['J. (x)', 'Ann-Marie', ...'!"#$%&\'()*+,-./:;<=>?[\\]^_`{|}~'].map((sign) => `${sign}`)) {
    assert.equal(mentions(`@${name} hello`, name), true, `signs in a name are only signs: ${name}`);
  }
});
