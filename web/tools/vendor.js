// Makes static/vendor and static/fonts from the packages that package.json names, with their licences beside them: make vendor. The same
// packages give the same bytes. node tools/vendor.js FOLDER makes them there instead.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const packages = new URL('../node_modules/', import.meta.url);
const shared = process.argv[2] ? pathToFileURL(`${process.argv[2]}/`) : new URL('../../static/', import.meta.url);

// Taken as they are, under a line that says what they are.
const copied = [
  { name: 'htmx.org', from: 'htmx.org/dist/htmx.min.js', to: 'htmx.min.js', terms: 'Zero-Clause BSD', licence: 'LICENSE-htmx' },
  { name: 'htmx-ext-sse', from: 'htmx-ext-sse/dist/sse.min.js', to: 'htmx-ext-sse.min.js', terms: 'Zero-Clause BSD', licence: 'LICENSE-htmx-ext-sse' },
  { name: 'uPlot', from: 'uplot/dist/uPlot.iife.min.js', to: 'uPlot.iife.min.js', terms: 'MIT', licence: 'LICENSE-uplot' },
  { name: 'uPlot', from: 'uplot/dist/uPlot.min.css', to: 'uPlot.min.css', terms: 'MIT', licence: 'LICENSE-uplot' },
];

const versionOf = async (name) => JSON.parse(await readFile(new URL(`${name}/package.json`, packages), 'utf8')).version;

async function library(folder) {
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

async function copies(folder) {
  for (const { name, from, to, terms, licence } of copied) {
    const [module] = from.split('/');
    const head = `/* ${name} ${await versionOf(module)}, ${terms}. See ${licence}. */\n`;
    await writeFile(new URL(to, folder), head + await readFile(new URL(from, packages), 'utf8'));
    await cp(new URL(`${module}/LICENSE`, packages), new URL(licence, folder));
  }
}

async function fonts(folder) {
  const from = new URL('@fontsource-variable/inter/', packages);
  const sheet = (await readFile(new URL('index.css', from), 'utf8')).replaceAll('./files/', '').replaceAll("'Inter Variable'", "'Inter'");
  for (const [, name] of sheet.matchAll(/url\(([^)]+)\)/g)) {
    await cp(new URL(`files/${name}`, from), new URL(name, folder));
  }
  const head = `/* Inter ${await versionOf('@fontsource-variable/inter')} (@fontsource-variable/inter), SIL Open Font License 1.1: see LICENSE. Made by make vendor. */\n`;
  await writeFile(new URL('inter.css', folder), `${head}${sheet.trim()}\n`);
  await cp(new URL('LICENSE', from), new URL('LICENSE', folder));
}

for (const [name, make] of [['vendor/', library], ['vendor/', copies], ['fonts/', fonts]]) {
  const folder = new URL(name, shared);
  await mkdir(folder, { recursive: true });
  await make(folder);
}
