import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = new URL('../../../', import.meta.url).pathname;

// The whole system on free ports with data of its own: {page, dashboard, look, api, pid, stop}. SWITCHBOARD_LOCAL names a binary that is built already.
// flags are the binary's.
export async function startStack(flags = []) {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-page-'));
  const binary = process.env.SWITCHBOARD_LOCAL ?? join(folder, 'local');
  if (!process.env.SWITCHBOARD_LOCAL) await finished(spawn('go', ['build', '-o', binary, './infra/local'], { cwd: root, stdio: 'inherit' }));
  const ports = ['page', 'dashboard', 'api', 'aws'].flatMap((door) => [`-port-${door}`, '0']);
  const child = spawn(binary, ['-data', join(folder, 'data'), '-param', 'MessageRate=0', ...ports, ...flags], {
    cwd: root, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    const ended = finished(child);
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  };
  const addresses = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, address] = /^ {2}(Page|Dashboard|Look in|API) +(\S+)$/u.exec(line) ?? [];
    if (name) addresses[name] = address;
    if (addresses.API) return { page: addresses.Page, dashboard: addresses.Dashboard, look: addresses['Look in'], api: addresses.API, pid: child.pid, stop };
  }
  throw new Error('the local run ended before it was ready');
}

function finished(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${child.spawnfile} ended with ${code}`))));
  });
}
