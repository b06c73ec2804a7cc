// FashionMNIST found, verified, loaded and fetched, with the real files and stand-ins for the network.
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFashionMnist, type Source } from '../../lib/datasets/find.ts';
import { classNames, imageOf, loadFashionMnist } from '../../lib/datasets/load.ts';
import { fileNames, verified } from '../../lib/datasets/verify.ts';

let real: string;
let scratch: string;

beforeAll(async () => {
  real = await findFashionMnist();
  scratch = await mkdtemp(join(tmpdir(), 'gauntlet-dataset-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Files of `folder` as they are on disk, so gzipped where the real ones are. */
async function copyReal(folder: string): Promise<void> {
  for (const file of await readdir(real)) await copyFile(join(real, file), join(folder, file));
}
const copying: Source = { name: 'a copy', fetch: copyReal };
const failing: Source = { name: 'a dead server', fetch: () => Promise.reject(new Error('connection refused')) };

describe('loading', () => {
  it('gives both pools with the published statistics', async () => {
    const { train, test } = await loadFashionMnist(real);
    expect([train.count, train.offset, train.images.length, train.labels.length]).toEqual([60_000, 0, 60_000 * 784, 60_000]);
    expect([test.count, test.offset, test.images.length, test.labels.length]).toEqual([10_000, 60_000, 10_000 * 784, 10_000]);
    let sum = 0;
    for (const value of train.images) sum += value;
    expect(sum / train.images.length / 255).toBeCloseTo(0.286, 4);
    const perClass = new Array<number>(classNames.length).fill(0);
    for (const label of test.labels) perClass[label]++;
    expect(perClass).toEqual(new Array(10).fill(1000));
  });

  it('reads once and shares views', async () => {
    const first = await loadFashionMnist(real);
    expect(await loadFashionMnist(real)).toBe(first);
    expect(imageOf(first.test, 3).buffer).toBe(first.test.images.buffer);
    expect(imageOf(first.test, 3)).toEqual(first.test.images.subarray(3 * 784, 4 * 784));
  });
});

describe('the training images', () => {
  it('are read when they are asked for, and then verified as all else', async () => {
    const folder = join(scratch, 'half');
    await mkdir(folder);
    for (const file of (await readdir(real)).filter((name) => name.startsWith('t10k'))) await copyFile(join(real, file), join(folder, file));
    const dataset = await loadFashionMnist(folder);
    expect(dataset.test.count).toBe(10_000);
    expect(() => dataset.train).toThrow(/has no train-images-idx3-ubyte/);
    await writeFile(join(folder, 'train-images-idx3-ubyte'), 'not theirs');
    expect(() => dataset.train).toThrow(/train-images-idx3-ubyte is not FashionMNIST's/);
  });
});

describe('verifying', () => {
  it('takes plain and gzipped content alike and refuses any other', async () => {
    const { test } = await loadFashionMnist(real);
    const plain = new Uint8Array(test.labels.buffer, test.labels.byteOffset - 8, 10_008);
    expect(verified('t10k-labels-idx1-ubyte', plain)).toBe(plain);
    expect(Buffer.compare(verified('t10k-labels-idx1-ubyte', gzipSync(plain)), plain)).toBe(0);
    const changed = plain.slice();
    changed[100] ^= 1;
    const notTheirs = /t10k-labels-idx1-ubyte is not FashionMNIST's: SHA-256 .* wanted 0402a96d/;
    expect(() => verified('t10k-labels-idx1-ubyte', changed)).toThrow(notTheirs);
    expect(() => verified('t10k-labels-idx1-ubyte', gzipSync(plain).subarray(0, 500))).toThrow(/damaged gzip/);
  });
});

describe('finding', () => {
  it('prefers the folder it is given', async () => {
    const directory = join(scratch, 'given');
    await mkdir(directory);
    await copyReal(directory);
    expect(await findFashionMnist({ directory })).toBe(directory);
  });

  it('fetches into the cache, verified and whole, however many start at once', async () => {
    const home = join(scratch, 'home');
    const options = { directory: join(scratch, 'nowhere'), home, packageFolders: [], sources: [failing, copying] };
    const cache = join(home, 'data', 'fashion-mnist');
    expect(await Promise.all([1, 2, 3].map(() => findFashionMnist(options)))).toEqual([cache, cache, cache]);
    expect((await readdir(cache)).sort()).toEqual([...fileNames].sort());
    expect(await readdir(join(home, 'data'))).toEqual(['fashion-mnist']);
    expect(await findFashionMnist({ ...options, sources: [] })).toBe(cache);
  });

  it('replaces a damaged cache', async () => {
    const home = join(scratch, 'damaged');
    const cache = join(home, 'data', 'fashion-mnist');
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, 'train-images-idx3-ubyte'), 'cut short');
    expect(await findFashionMnist({ home, packageFolders: [], sources: [copying] })).toBe(cache);
    expect((await loadFashionMnist(cache)).test.count).toBe(10_000);
  });

  it('names each thing tried when nothing helps', async () => {
    const wrong: Source = { name: 'a wrong server', fetch: (folder) => writeFile(join(folder, 'train-images-idx3-ubyte'), 'no images') };
    const directory = join(scratch, 'empty');
    await mkdir(directory);
    const home = join(scratch, 'hopeless');
    const attempt = findFashionMnist({ directory, home, packageFolders: ['/no/such/folder'], sources: [failing, wrong] });
    const message = await attempt.then(() => 'found', (error: Error) => error.message);
    const parts = [
      'empty: has no t10k-images', 'such/folder: has no', 'hopeless', 'a dead server: connection refused',
      "a wrong server: train-images-idx3-ubyte is not FashionMNIST's", 'FASHION_MNIST_DIR',
    ];
    expect(parts.filter((part) => !message.includes(part)), message).toEqual([]);
    expect(await readdir(join(home, 'data'))).toEqual([]);
  });
});
