// What a child can do to its supervisor and its host: nothing. The child here is hostile from its first line.
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChildLimits } from '../../lib/child-limits.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { limits } from '../../lib/limits.ts';
import { ChildFailure, evaluatorOf, type Evaluator } from '../../workers/evaluator.ts';
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

/** Words that failures, logs and shards know a limit by, and what a student reads. */
test.each([
  ['is silent', 'silence', { silenceSeconds: 1 }, /^time without an answer: 1 s allowed, nothing heard/],
  ['spins', 'silence', { silenceSeconds: 1 }, /^time without an answer: 1 s allowed/],
  ['spins and says that it lives', 'processor-time', { shardProcessorSeconds: 1 }, /^processor time of one shard: 1 s allowed, \d+\.\d s used\.$/],
  ['lets others spin', 'processor-time', { shardProcessorSeconds: 2 }, /^processor time of one shard: 2 s allowed/],
  ['chatters for ever', 'wall-time', { shardWallSeconds: 1 }, /^time of one shard: 1 s allowed, not yet done/],
  ['answers for ever', 'answers', { answerMegabytes: 1 }, /^answers for one shard: 1 MB allowed, \d+ bytes said\.$/],
  ['announces a huge message', 'answers', {}, /^answers for one shard: 16 MB allowed, one message of 2147483647 bytes announced\.$/],
  ['eats memory outside the heap', 'memory', {}, /^memory: 2048 MB allowed, more asked for beside \d+ MB resident/],
  ['eats memory outside the heap', 'memory', { childMegabytes: 700 }, /^memory: 700 MB allowed, \d+ MB used\.$/],
  ['eats the heap', 'memory', {}, /^memory: 2048 MB allowed/],
  ['forks for ever', 'processes', {}, /^processes and threads: 64 allowed/],
  ['writes a file', 'file-size', {}, /^size of files written: 0 bytes allowed/],
  ['opens files', 'open-files', {}, /^open files: 256 allowed/],
] as const)('a child that %s meets the limit on %s (%j)', { timeout: 60_000 }, async (what, because, bounds, words) => {
  const { failure, child } = await deed(what, bounds);
  expect([failure.because, failure.message]).toEqual([because, expect.stringMatching(words)]);
  if (onLinux) await expect.poll(() => alive(child.pid!), soon).toBe(false);
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
    const found = JSON.parse(Buffer.from(failure.message, 'base64').toString());
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
