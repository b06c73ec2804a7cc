// The files of a training set, read back byte by byte: the images are the mixed set's of spec 1.3, and the bytes are pinned.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { coreKinds, kinds as table } from '../../lib/perturbations/index.ts';
import { mixedChoice, perturbImage, perturbMixed } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';
import type { Format } from '../../lib/training-data/formats.ts';
import { makeFile } from '../../lib/training-data/make.ts';
import { trainingSet } from '../../lib/training-data/perturbed.ts';
import { recipeOf, trainingSeed, type Recipe } from '../../lib/training-data/recipe.ts';

/** The 24 of the specification, should the table grow: the pinned bytes are theirs. */
const kinds = table.slice(0, 24);
const first = 700;
const recipe = recipeOf({ seed: trainingSeed('test'), kinds, first });
const keys = keysFromSeed(seedHexOf('gauntlet-training|test'));

let data: Dataset;
let folder: string;
beforeAll(async () => {
  data = await loadFashionMnist(await findFashionMnist());
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-training-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The members of a zip, read by another library than the one that wrote it; it checks their sums. */
async function unzipped(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const members = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    members.set(entry.fileName, Buffer.concat(chunks));
  }
  return members;
}

async function made(format: Format, of: Recipe = recipe): Promise<{ bytes: Uint8Array; members: Map<string, Buffer> }> {
  const path = join(folder, `${format}-${of.images}`);
  const told = await makeFile(of, format, data, path);
  const bytes = await readFile(path);
  expect(told).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
  return { bytes, members: format === 'sheet' ? new Map() : await unzipped(bytes) };
}

describe('the images', () => {
  test('each is perturbed by its own choice from all kinds, overlays with partners of the train split', () => {
    const set = trainingSet(recipe, data);
    const images = set.images(0, first);
    const wanted = new Uint8Array(784);
    for (let i = 0; i < first; i++) {
      const { kind, severity } = mixedChoice(i, 'mixed', keys, { kinds, severities: recipe.severities });
      expect([kinds[set.perturbation[i]], set.severity[i]]).toEqual([kind, severity]);
      perturbImage(kind, severity, imageOf(data.train, i), i, 'mixed', keys, wanted, data.train);
      expect(Buffer.compare(images.subarray(i * 784, (i + 1) * 784), wanted), `image ${i}, ${kind} ${severity}`).toBe(0);
    }
    expect(new Set(set.perturbation).size).toBe(kinds.length);
    expect(Buffer.compare(set.labels, data.train.labels.subarray(0, first))).toBe(0);
  });

  test('with the core kinds they are a mixed trial on the train split', () => {
    const core = recipeOf({ seed: recipe.seed, kinds: coreKinds, first: 50 });
    const images = trainingSet(core, data).images(0, 50);
    const wanted = new Uint8Array(784);
    for (let i = 0; i < 50; i++) {
      perturbMixed(imageOf(data.train, i), i, 'mixed', keys, wanted);
      expect(Buffer.compare(images.subarray(i * 784, (i + 1) * 784), wanted)).toBe(0);
    }
  });

  test('do not depend on how many are asked for', () => {
    const few = trainingSet({ ...recipe, images: 20 }, data);
    expect(Buffer.compare(few.images(0, 20), trainingSet(recipe, data).images(0, 20))).toBe(0);
  });

  test('kinds and severities are spread evenly over the whole split', () => {
    const set = trainingSet(recipeOf({ seed: trainingSeed('test'), kinds }), data);
    const counts = new Float64Array(kinds.length * 5);
    for (let i = 0; i < set.count; i++) counts[set.perturbation[i] * 5 + set.severity[i] - 1]++;
    const expected = set.count / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 119 degrees of freedom: beyond 190 lies less than one draw in ten thousand.
    expect(chiSquare).toBeLessThan(190);
  });
});

describe('the .npz', () => {
  const header = (shape: string, descr = '|u1') =>
    `\x93NUMPY\x01\x00v\x00{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(127) + '\n';

  test('holds the five arrays as NumPy writes them', async () => {
    const { members } = await made('npz');
    const set = trainingSet(recipe, data);
    expect([...members.keys()]).toEqual(['images.npy', 'labels.npy', 'perturbation.npy', 'severity.npy', 'kinds.npy']);
    const holds = (name: string, head: string, values: Uint8Array) =>
      members.get(name)!.equals(Buffer.concat([Buffer.from(head, 'latin1'), values]));
    expect(holds('images.npy', header('(700, 28, 28)'), set.images(0, first))).toBe(true);
    expect(holds('labels.npy', header('(700,)'), set.labels)).toBe(true);
    expect(holds('perturbation.npy', header('(700,)'), set.perturbation)).toBe(true);
    expect(holds('severity.npy', header('(700,)'), set.severity)).toBe(true);
    const names = members.get('kinds.npy')!.subarray(128);
    expect(holds('kinds.npy', header('(24,)', '<U14'), names)).toBe(true);
    const text = Array.from({ length: 24 * 14 }, (_, i) => String.fromCodePoint(names.readUInt32LE(4 * i))).join('');
    expect(text.match(/.{14}/gs)!.map((name) => name.replaceAll('\0', ''))).toEqual(kinds);
  });

  test('has the same bytes on every machine', async () => {
    expect(sha256((await made('npz')).bytes)).toBe('013ee1247a1f14d12be0a6e9da78801dbc437f1ff1eab120afb9571bac61da3e');
  });
});

describe('the IDX files', () => {
  test('are MNIST’s, by name and by header', async () => {
    const { members } = await made('idx');
    const set = trainingSet(recipe, data);
    const holds = (name: string, header: string, values: Uint8Array) =>
      members.get(name)!.equals(Buffer.concat([Buffer.from(header, 'hex'), values]));
    expect(holds('train-images-idx3-ubyte', '00000803000002bc0000001c0000001c', set.images(0, first))).toBe(true);
    expect(holds('train-labels-idx1-ubyte', '00000801000002bc', set.labels)).toBe(true);
    expect(holds('train-perturbations-idx1-ubyte', '00000801000002bc', set.perturbation)).toBe(true);
    expect(holds('train-severities-idx1-ubyte', '00000801000002bc', set.severity)).toBe(true);
    expect(members.get('perturbations.txt')!.toString().trim().split('\n')).toEqual(kinds);
  });

  test('of the test split bear its names', async () => {
    const { members } = await made('idx', { ...recipe, split: 'test', images: 5 });
    expect([...members.keys()].slice(0, 2)).toEqual(['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']);
    expect(members.get('t10k-labels-idx1-ubyte')!.subarray(8)).toEqual(Buffer.from(data.test.labels.subarray(0, 5)));
  });
});

test('the sheet is a PNG with the first image of each kind and severity in its place', async () => {
  const { bytes } = await made('sheet');
  const png = Buffer.from(bytes);
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([5 * 28, 24 * 28]);
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const set = trainingSet(recipe, data);
  const kind = kinds.indexOf('erasing');
  const image = set.perturbation.findIndex((of, i) => of === kind && set.severity[i] === 3);
  const line = (kind * 28 + 10) * (5 * 28 + 1) + 1 + 2 * 28;
  expect(rows.subarray(line, line + 28)).toEqual(Buffer.from(set.images(image, image + 1).subarray(280, 308)));
});

test('a file that is given up leaves nothing behind', async () => {
  const gone = new AbortController();
  const path = join(folder, 'never');
  const making = makeFile({ ...recipe, images: 60_000 }, 'npz', data, path, gone.signal);
  setTimeout(() => gone.abort(), 50);
  await expect(making).rejects.toThrow(/abort/i);
  expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
});
