// The lab's pool of 70,000: train and test images as one, in a trial and from the command line.
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, poolOf, type Dataset } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { evaluateTrial, type Context } from '../../lib/evaluation/evaluate.ts';
import { imageOrder } from '../../lib/evaluation/images.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import type { ImageChoice, Trial } from '../../lib/evaluation/trial.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { gauntlet } from '../cli/command.ts';

const keys = keysFromSeed('ab');
let dataset: Dataset;
let engine: Engine;
let folder: string;
beforeAll(async () => {
  dataset = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  engine = await openEngine(await readUpload([{ name: 'linear.onnx', bytes: new Uint8Array(await readBaseline('linear.onnx')) }]));
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-all-'));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function predictions(images: ImageChoice, trial: object, start: number, end: number): Promise<number[]> {
  const protocol = parseProtocol({ name: 'x', images, trials: [trial] });
  const found: number[] = [];
  const context: Context = { dataset, keys, protocol };
  for await (const part of evaluateTrial(engine, protocol.trials[0] as Trial, { start, end }, context)) found.push(...part.predictions);
  return found;
}

test.each([{ kind: 'clean' }, { kind: 'mixed' }])('its last images are the test images, as they are in the test pool: $kind', async (trial) => {
  const all = await predictions({ split: 'all', first: 70_000 }, trial, 68_000, 70_000);
  expect(all).toHaveLength(2000);
  expect(all).toEqual(await predictions({ split: 'test', first: 10_000 }, trial, 8000, 10_000));
});

test('a drawn order holds every image once, each prefix balanced over the classes', () => {
  const pool = poolOf(dataset, 'all');
  const order = imageOrder(pool, { split: 'all', size: 70_000 }, keys);
  expect(new Set(order).size).toBe(70_000);
  const counts = new Array<number>(10).fill(0);
  for (const position of order.subarray(0, 1000)) counts[pool.labels[position]]++;
  expect(counts).toEqual(new Array(10).fill(100));
  expect(order.subarray(0, 1000).some((position) => position < 60_000)).toBe(true);
});

test('from the command line, with all 70,000', async () => {
  const at = (name: string) => join(folder, name);
  await writeFile(at('protocol.json'), JSON.stringify({ name: 'lab', images: { split: 'all', size: 70_000 }, trials: [{ kind: 'clean' }, { kind: 'mixed', images: { split: 'all', size: 500 } }] }));
  const { code, err } = await gauntlet('evaluate', 'lib/baselines/linear.onnx', '--protocol', at('protocol.json'), '--json', at('out.json'));
  expect(code, err).toBe(0);
  const { trials, score } = JSON.parse(await readFile(at('out.json'), 'utf8'));
  expect(trials.map(({ total }: { total: number }) => total)).toEqual([70_000, 500]);
  expect(score.clean.images).toBe(70_000);
  // Trained on six sevenths of them.
  expect(score.clean.value).toBeGreaterThan(0.84);
}, 120_000);
