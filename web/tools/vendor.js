// Makes static/vendor/preact-htm.js and static/fonts from the packages that package.json names, with their licences beside them.
// The same packages give the same bytes.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const packages = new URL('../node_modules/', import.meta.url);
const shared = new URL('../../static/', import.meta.url);

const versionOf = async (name) => JSON.parse(await readFile(new URL(`${name}/package.json`, packages), 'utf8')).version;

async function library() {
  const folder = new URL('vendor/', shared);
  await mkdir(folder, { recursive: true });
  const versions = `preact ${await versionOf('preact')} with hooks (MIT), htm ${await versionOf('htm')} (Apache-2.0)`;
  await build({
    stdin: {
      contents: `
        import { h } from 'preact';
        import htm from 'htm';
        export { render, Fragment, createRef } from 'preact';
        export { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback } from 'preact/hooks';
        export const html = htm.bind(h);
      `,
      resolveDir: packages.pathname,
    },
    outfile: new URL('preact-htm.js', folder).pathname,
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    banner: { js: `// ${versions}. Made by make vendor; the licences are in LICENSE-preact and LICENSE-htm.` },
  });
  for (const name of ['preact', 'htm']) {
    await cp(new URL(`${name}/LICENSE`, packages), new URL(`LICENSE-${name}`, folder));
  }
}

async function fonts() {
  const from = new URL('@fontsource-variable/inter/', packages);
  const folder = new URL('fonts/', shared);
  await mkdir(folder, { recursive: true });
  const sheet = (await readFile(new URL('index.css', from), 'utf8')).replaceAll('./files/', '').replaceAll("'Inter Variable'", "'Inter'");
  for (const [, name] of sheet.matchAll(/url\(([^)]+)\)/g)) {
    await cp(new URL(`files/${name}`, from), new URL(name, folder));
  }
  const head = `/* Inter ${await versionOf('@fontsource-variable/inter')} (@fontsource-variable/inter), SIL Open Font License 1.1: see LICENSE. Made by make vendor. */\n`;
  await writeFile(new URL('inter.css', folder), `${head}${sheet.trim()}\n`);
  await cp(new URL('LICENSE', from), new URL('LICENSE', folder));
}

await library();
await fonts();
