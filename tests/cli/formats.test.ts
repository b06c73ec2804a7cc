// `gauntlet evaluate` and `gauntlet gradient` on one upload of each format, from the files to figures.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../formats/zip.ts';
import { gauntlet } from './command.ts';

const exported = (path: string) => fileURLToPath(new URL(`../reference/exported/${path}`, import.meta.url));
const external = ['pytorch/torch2.15-linear.onnx', 'pytorch/torch2.15-linear.onnx.data'].map(exported);

let folder: string;
const at = (name: string) => join(folder, name);

async function unzipped(name: string): Promise<string> {
  await writeFile(at(name), gunzipSync(await readFile(exported(`keras/${name}.gz`))));
  return at(name);
}

async function zipped(paths: readonly string[]): Promise<string> {
  const files = await Promise.all(paths.map(async (path) => ({ name: basename(path), bytes: new Uint8Array(await readFile(path)) })));
  await writeFile(at('model.zip'), zipOf(files));
  return at('model.zip');
}

const formats: [string, () => Promise<string[]>][] = [
  ['ONNX with external data, in a zip', async () => [await zipped(external)]],
  ['.keras', async () => [await unzipped('cnn.keras')]],
  ['.h5', async () => [await unzipped('old-branches.h5')]],
  ['TensorFlow.js', async () => ['model.json', 'model.weights.bin'].map((file) => exported(`tfjs/saved/${file}`))],
];

const protocol = {
  name: 'tiny', seed: 'any', images: { split: 'test', first: 16 },
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.05 }],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-formats-'));
  await writeFile(at('protocol.json'), JSON.stringify(protocol));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const evaluate = (...paths: string[]) =>
  gauntlet('evaluate', ...paths, '--protocol', at('protocol.json'), '--json', at('result.json'), '--processes', '1');

describe.each(formats)('%s', (_, files) => {
  test('is evaluated, and gives logits and gradients', async () => {
    const paths = await files();
    const evaluated = await evaluate(...paths);
    expect(evaluated.code, evaluated.err).toBe(0);
    const { trials } = JSON.parse(await readFile(at('result.json'), 'utf8'));
    expect(trials.map(({ total }: { total: number }) => total)).toEqual([16, 16]);

    const differentiated = await gauntlet('gradient', ...paths, '--images', '0:2', '--json', at('gradient.json'));
    expect(differentiated.code, differentiated.err).toBe(0);
    const { logits, gradient } = JSON.parse(await readFile(at('gradient.json'), 'utf8'));
    expect(logits.map((row: number[]) => row.length)).toEqual([10, 10]);
    expect(gradient.map((row: number[]) => row.length)).toEqual([784, 784]);
    expect(gradient.flat().some((value: number) => value !== 0)).toBe(true);
  }, 120_000);
});

test('a tree of skl2onnx is measured clean, not attacked, and said to have no gradient', async () => {
  const tree = exported('sklearn/tree.onnx');
  const { code, err } = await evaluate(tree);
  expect(code, err).toBe(0);
  const { report, trials } = JSON.parse(await readFile(at('result.json'), 'utf8'));
  expect(report.operatorsWithoutGradient).toEqual(['ai.onnx.ml.TreeEnsembleClassifier']);
  expect(trials[0].total).toBe(16);
  expect(trials[1].notMeasured).toMatch(/TreeEnsembleClassifier/);
  const refused = await gauntlet('gradient', tree, '--images', '0:2', '--json', at('gradient.json'));
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/has no input gradient.*TreeEnsembleClassifier/);
}, 120_000);
