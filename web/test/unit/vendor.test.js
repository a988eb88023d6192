import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const path = (relative) => new URL(relative, import.meta.url).pathname;

test('what static holds of others is what their packages give, byte for byte', async () => {
  const made = await mkdtemp(join(tmpdir(), 'switchboard-vendor-'));
  try {
    await run(process.execPath, [path('../../tools/vendor.js'), made]);
    for (const folder of ['vendor', 'fonts']) {
      const here = path(`../../../static/${folder}`);
      const names = (await readdir(here)).sort();
      assert.deepEqual((await readdir(join(made, folder))).sort(), names);
      for (const name of names) {
        const [was, is] = await Promise.all([readFile(join(here, name)), readFile(join(made, folder, name))]);
        assert.ok(was.equals(is), `static/${folder}/${name} is made anew by make vendor`);
      }
    }
  } finally {
    await rm(made, { recursive: true });
  }
});
