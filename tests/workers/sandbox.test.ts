// What a child can do to its supervisor and its host: nothing. The child here is hostile from its first line.
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { limits } from '../../lib/limits.ts';
import { ChildFailure, evaluatorOf, type ChildLimits, type Evaluator } from '../../workers/evaluator.ts';
import { findSandbox, startChild } from '../../workers/sandbox.ts';
import { alive } from './processes.ts';

const program = fileURLToPath(new URL('./hostile-child.ts', import.meta.url));
const directory = await findFashionMnist();
const sandbox = findSandbox(directory);
const onLinux = process.platform === 'linux';
const asRoot = process.getuid?.() === 0;
const protocol: Protocol = { name: 'p', images: { split: 'test', first: 8 }, trials: [{ kind: 'clean' }] };
const order = { protocol, trial: protocol.trials[0], start: 0, end: 8, keys: [] };

const started: Evaluator[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill()));

async function deed(what: string, bounds: Partial<ChildLimits> = {}): Promise<{ failure: ChildFailure; child: Evaluator }> {
  const child = evaluatorOf(startChild(sandbox, program), { ...limits, ...bounds }, { engine: 'onnxruntime', device: 'cpu' });
  started.push(child);
  await child.prepare(directory);
  await child.open(Buffer.from(what));
  const failure = await child.run(order, async () => {}).then(() => new ChildFailure('harness', 'it was believed'), (error) => error);
  return { failure, child };
}

const soon = { timeout: 10_000 };

test.each([
  ['announces a huge message', /2147483647 bytes; at most 1048576/],
  ['says what is no JSON', /could not be read/],
  ['says an unknown word', /could not be read/],
  ['adds a key', /could not be read/],
  ['counts below zero', /could not be read/],
  ['speaks out of turn', /said "prepared" out of turn/],
  ['exits', /exit code 7/],
  ['kills itself', /SIGSEGV/],
])('a child that %s is not believed, and ended', async (what, message) => {
  const { failure, child } = await deed(what);
  expect(failure).toMatchObject({ because: 'crash', message: expect.stringMatching(message) });
  if (onLinux) await expect.poll(() => alive(child.pid!), soon).toBe(false);
});

test.each([
  ['is silent', 'silence', { silenceSeconds: 1 }],
  ['spins', 'silence', { silenceSeconds: 1 }],
  ['chatters for ever', 'time', { shardWallSeconds: 1 }],
  ['eats memory outside the heap', 'memory', {}],
  ['eats the heap', 'memory', {}],
] as const)('a child that %s meets the limit on %s', async (what, because, bounds) => {
  const { failure, child } = await deed(what, bounds);
  expect(failure.because).toBe(because);
  if (onLinux) await expect.poll(() => alive(child.pid!), soon).toBe(false);
});

test('memory is watched also where the kernel does not limit it', async () => {
  const { failure } = await deed('eats memory outside the heap', { childMegabytes: 700 });
  expect(failure).toMatchObject({ because: 'memory', message: expect.stringMatching(/700 MB are allowed/) });
});

test("a child killed by someone else is not the model's fault", async () => {
  const child = evaluatorOf(startChild(sandbox, program), limits, { engine: 'onnxruntime', device: 'cpu' });
  started.push(child);
  await child.prepare(directory);
  await child.open(Buffer.from('is silent'));
  setTimeout(() => process.kill(child.pid!, 'SIGKILL'), 100);
  await expect(child.run(order, async () => {})).rejects.toMatchObject({ because: 'killed' });
});

describe.runIf(onLinux)('confinement', () => {
  test.runIf(asRoot)('nothing that it started survives it', async () => {
    const { failure } = await deed('leaves a process behind');
    const left = Number(failure.message);
    expect(left).toBeGreaterThan(1);
    await expect.poll(() => alive(left), soon).toBe(false);
  });

  test('no secret of the environment reaches it, and as root no network, no other user, no file', async () => {
    process.env.GAUNTLET_TEST_SECRET = 'postgres://secret';
    const { failure } = await deed('looks around');
    delete process.env.GAUNTLET_TEST_SECRET;
    const found = JSON.parse(failure.message);
    expect(found.environment.filter((name: string) => name !== 'TSX_DISABLE_CACHE')).toEqual([]);
    if (!asRoot) return;
    expect(sandbox.missing).toEqual([]);
    expect(found).toMatchObject({
      noNewPrivileges: true,
      capabilities: '0000000000000000',
      networks: 1,
      connect: expect.stringMatching(/refused: (ENETUNREACH|ECONNREFUSED|EADDRNOTAVAIL)/),
      parentsEnvironment: 'refused: EACCES',
      killParent: 'refused: EPERM',
      write: 'refused: EFBIG',
    });
    expect(found.uid).toBeGreaterThan(60_000);
  });
});
