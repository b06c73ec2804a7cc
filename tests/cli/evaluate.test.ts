// `gauntlet evaluate` from files to figures: the protocol of the issue on the reference CNN, laid beside PyTorch's outcome.
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gauntlet } from './command.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cnn = path('../../lib/baselines/reference-cnn.onnx');
const beside = JSON.parse(readFileSync(path('../fixtures/beside-pytorch.json'), 'utf8'));
type Outcome = { kind: string; attack?: string; total: number; correct: number; accuracy: number; correctBits: string; predictions: string; [key: string]: unknown };
const pytorch: { trials: Outcome[] } = JSON.parse(readFileSync(path('../reference/beside_pytorch.json'), 'utf8'));

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const bits = (base64: string, count: number) => Array.from({ length: count }, (_, i) => (bytes(base64)[i >> 3] >> (i & 7)) & 1);

let folder: string;
const at = (name: string) => join(folder, name);

async function measure(protocol: object, ...options: string[]): Promise<{ trials: Outcome[]; score: Record<string, { value: number } | null>; seed: string; out: string; err: string }> {
  await writeFile(at('protocol.json'), JSON.stringify(protocol));
  const { code, out, err } = await gauntlet('evaluate', cnn, '--protocol', at('protocol.json'), '--json', at('result.json'), ...options);
  expect(code, err).toBe(0);
  return { ...JSON.parse(await readFile(at('result.json'), 'utf8')), out, err };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the protocol beside PyTorch, on its first 200 images', () => {
  const images = 200;
  let result: Awaited<ReturnType<typeof measure>>;
  beforeAll(async () => {
    result = await measure({ ...beside, images: { split: 'test', first: images } });
  }, 120_000);

  test('every trial in order with its parameters and all that was asked for', () => {
    expect(result.trials.length).toBe(beside.trials.length);
    result.trials.forEach((trial, i) => {
      expect(trial).toMatchObject(beside.trials[i]);
      expect(trial).toMatchObject({ images: { split: 'test', first: images }, total: images, device: 'cpu', engine: expect.stringContaining('onnxruntime-node') });
      expect(trial.accuracy).toBe(trial.correct / images);
      expect(bytes(trial.predictions).length).toBe(images);
      expect(bits(trial.correctBits, images).reduce((a, b) => a + b)).toBe(trial.correct);
      expect(trial.seconds).toBeGreaterThan(0);
    });
    expect(result.seed).toBe('any');
    expect(Object.keys(result.score)).toEqual(expect.arrayContaining(['clean', 'mixed', 'meanPerturbation', 'robust']));
  });

  test('attacks succeed on the same images as in PyTorch', () => {
    for (const reference of pytorch.trials) {
      const trial = result.trials.find(({ kind, attack, tta }) => kind === reference.kind && attack === reference.attack && !tta)!;
      const [ours, theirs] = [bits(trial.correctBits, images), bits(reference.correctBits, images)];
      // A logit within rounding of another may fall either way.
      expect(ours.filter((bit, i) => bit !== theirs[i]).length, reference.attack ?? reference.kind).toBeLessThanOrEqual(1);
    }
  });

  test('the table names every trial, the score every column', () => {
    for (const word of ['rotate/3', 'mim/linf/0.1/0.01x10/momentum1/centre/last', 'clean+sum-k2-a4-n16', 'mean perturbation', 'robust']) expect(result.out).toContain(word);
    expect(result.err).toMatch(/beside-pytorch, 8 trials, seed "any"/);
  });
});

test('the same seed gives the same bits with any number of processes, another seed other images', async () => {
  const protocol = { name: 'small', images: { split: 'test', size: 100 }, trials: [{ kind: 'mixed' }, { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.02, stepSize: 0.01, steps: 4 }] };
  const bitsOf = async (...options: string[]) => (await measure(protocol, ...options)).trials.map(({ predictions, correctBits }) => predictions + correctBits);
  const first = await bitsOf('--seed', 'a', '--processes', '1');
  expect(await bitsOf('--seed', 'a', '--processes', '2')).toEqual(first);
  expect(await bitsOf('--seed', 'b', '--processes', '2')).not.toEqual(first);
}, 120_000);

describe('what cannot be done is said in words, with exit code 1', () => {
  test.each([
    [['evaluate', 'nowhere.onnx'], 'There is no file nowhere.onnx.'],
    [['evaluate', path('.')], 'is a folder; name the model\'s file.'],
    [['evaluate', path('../fixtures/beside-pytorch.json')], 'Gauntlet takes ONNX models'],
    [['evaluate', cnn, '--protocol', 'v2'], 'v2 is no protocol: the built-in ones are gauntlet-v1, quick, and as a file: there is no such file.'],
    [['evaluate', cnn, '--protocol', path('command.ts')], 'command.ts: Unexpected token'],
    [['evaluate', cnn, '--json', '/no/such/folder/result.json'], 'cannot be written: the folder /no/such/folder is missing or read-only.'],
    [['evaluate', cnn, '--processes', '0'], 'It must be a whole number from 1 to 256.'],
    [['evaluate', cnn, '--deviation', '0'], 'It must be greater than 0.'],
    [['evaluate', cnn, '--declare-tta', 'rot90'], '--declare-tta rot90: gauntlet-v1 does not measure this policy; it measures shift, sum-k2-a4-n16.'],
    [['evaluate'], 'missing required argument \'model\''],
    [['evaluatte'], 'Did you mean evaluate?'],
  ])('%#', async (words, message) => {
    const { code, out, err } = await gauntlet(...words);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  test('a protocol with an unknown key', async () => {
    await writeFile(at('wrong.json'), JSON.stringify({ ...beside, trials: [{ ...beside.trials[4], step: 0.01 }] }));
    const { code, err } = await gauntlet('evaluate', cnn, '--protocol', at('wrong.json'));
    expect(code).toBe(1);
    expect(err).toContain('trials[0] (attack bim): unknown key "step"; allowed are attack, kind, norm, epsilon, images, scored, tta, stepSize, steps, count');
  });
});

test('columns as declared', async () => {
  const protocol = { name: 'declared', images: { split: 'test', size: 100 }, trials: [{ kind: 'mixed' }, { kind: 'mixed', tta: { policy: 'shift' } }] };
  const { out, score, trials } = await measure(protocol, '--declare-tta', 'shift');
  expect(out).toContain('under the declared TTA policy shift');
  expect(score.mixed!.value).toBe(trials[1].accuracy);
}, 60_000);

test('help tells of every subcommand, with examples', async () => {
  const { code, out } = await gauntlet('--help');
  expect(code).toBe(0);
  for (const word of ['evaluate', 'gradient', 'submit', 'setup', 'Examples:']) expect(out).toContain(word);
});
