// What a child can do to its supervisor and its host: nothing. The child here is hostile from its first line.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { family } from '../../workers/watch.ts';
import { deed, host, hostile, order, sandbox } from './deeds.ts';
import { alive } from './processes.ts';

const { onLinux, asRoot, namespaces } = host;
const soon = { timeout: 10_000 };

test.each([
  ['says what is no JSON', /could not be read/],
  ['says an unknown word', /could not be read/],
  ['adds a key', /could not be read/],
  ['counts below zero', /could not be read/],
  ['speaks out of turn', /said "prepared" out of turn/],
  ['exits', /exit code 7/],
  ['aborts', /SIG(ABRT|SEGV|ILL|TRAP)/],
])('a child that %s is not believed, and ended', async (what, message) => {
  const { failure, child } = await deed(what);
  expect(failure).toMatchObject({ because: 'crash', message: expect.stringMatching(message) });
  if (onLinux) await expect.poll(() => alive(child.pid!), soon).toBe(false);
});

test.runIf(onLinux)("a child killed by someone else is not the model's fault, whichever of its processes was hit", async () => {
  for (const which of [0, -1]) {
    const child = await hostile('is silent');
    const processes = family(child.pid!).filter((pid) => commandOf(pid).includes('--input-type=module'));
    setTimeout(() => process.kill(processes.at(which)!, 'SIGKILL'), 100);
    await expect(child.run(order, async () => {})).rejects.toMatchObject({ because: 'killed' });
    await expect.poll(() => processes.filter(alive), soon).toEqual([]);
  }
});

test.runIf(onLinux)('all of a child stands behind the site where they share a machine', async () => {
  const child = await hostile('is silent');
  expect(new Set(family(child.pid!).map((pid) => getPriority(pid)))).toEqual(new Set([5]));
  child.kill();
});

describe.runIf(onLinux)('confinement', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-secrets-'));
  const secrets = { file: join(folder, 'file'), socket: join(folder, 'socket'), abstractSocket: `\0gauntlet-${process.pid}` };
  const servers: Server[] = [];
  beforeAll(async () => {
    writeFileSync(secrets.file, 'of somebody else', { mode: 0o644 });
    for (const path of [secrets.socket, secrets.abstractSocket]) {
      const server = createServer((socket) => socket.end());
      await new Promise<void>((done) => server.listen(path.startsWith('\0') ? { path } : { path, readableAll: true, writableAll: true }, done));
      servers.push(server);
    }
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  test('a host that makes namespaces for us lacks no layer but the users that only root gives', () => {
    const first = sandbox.missing.map((sentence) => sentence.split(/[.:]/)[0]);
    const isolation = ['No network namespace', 'No file system and no processes of its own'];
    expect(first).toEqual([...(namespaces ? [] : isolation), ...(asRoot ? [] : ['No user of its own for a child'])]);
  });

  test.runIf(asRoot || namespaces)('nothing that it started survives it', async () => {
    const child = await hostile('leaves a process behind');
    const end = child.run(order, async () => {}).catch((error) => error);
    const left = () => family(child.pid!).filter((pid) => commandOf(pid).includes('left-behind'));
    await expect.poll(() => left().length, soon).toBe(1);
    const [pid] = left();
    child.kill();
    await end;
    await expect.poll(() => alive(pid), soon).toBe(false);
  });

  test('no secret reaches it, no network, no file but its own, no process but its own', async () => {
    process.env.GAUNTLET_TEST_SECRET = 'postgres://secret';
    const { failure } = await deed(`looks around | ${JSON.stringify(secrets)}`);
    delete process.env.GAUNTLET_TEST_SECRET;
    expect(failure.because, failure.message).toBe('harness');
    const found = JSON.parse(Buffer.from(failure.message, 'base64').toString());
    expect(found.environment).toEqual([]);
    expect(found).toMatchObject({ noNewPrivileges: true, effective: '0000000000000000' });
    if (asRoot) expect(found.uid).toBeGreaterThan(60_000);
    if (asRoot || namespaces) expect(found.bounding).toBe('0000000000000000');
    if (!namespaces) return;

    expect(found.root).toEqual(expect.arrayContaining(['dev', 'proc', 'usr']));
    expect(found.readable).toEqual([]);
    // Its program came to it as text: of the project it sees what that cannot hold.
    expect(found.code.sort()).toEqual(['baselines', 'package onnxruntime-common', 'package onnxruntime-node']);
    expect(found.writable).toEqual([]);
    expect(found.devices.sort()).toEqual(['null', 'urandom']);
    expect(found.strangers).toEqual([]);
    expect(found.interfaces).toEqual(['lo']);
    expect(found.reached).toEqual([]);
  });
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
