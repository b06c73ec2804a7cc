// What every perturbation of the table promises: the same bits always, from its own address alone, and milder when it says so.
import { beforeAll, describe, expect, it } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist, type Pool } from '../../lib/datasets/load.ts';
import { coreKinds, isPerturbation, kinds, perturbations, type Kind } from '../../lib/perturbations/index.ts';
import { keysOf, mixedChoice, perturbImage, perturbMixed, severities } from '../../lib/perturbations/perturb.ts';
import { level } from '../../lib/perturbations/perturbation.ts';
import { type KeySource, keysFromSeed, seedHexOf } from '../../lib/random.ts';
import golden from './golden.json' with { type: 'json' };
import { goldenHashes } from './golden-hashes.ts';

const keys = keysFromSeed(seedHexOf('test'));
let test: Pool;

beforeAll(async () => {
  test = (await loadFashionMnist(await findFashionMnist())).test;
});

function perturbed(kind: Kind, severity: number, i: number, from: KeySource = keys): Uint8Array {
  const out = new Uint8Array(784).fill(77);
  perturbImage(kind, severity, imageOf(test, i), test.offset + i, `${kind}/${severity}`, from, out, test);
  return out;
}

function distance(a: Uint8Array, b: Uint8Array): number {
  return Math.sqrt(a.reduce((sum, value, p) => sum + (value - b[p]) ** 2, 0));
}

describe('golden hashes', () => {
  it('are those of the committed file', () => {
    expect(goldenHashes(test)).toEqual(golden);
  });
});

describe.each(kinds)('%s', (kind) => {
  it('gives the same bits in any order and leaves its source alone', () => {
    const source = imageOf(test, 5).slice();
    const first = perturbed(kind, 3, 5);
    for (const severity of severities) perturbed(kind, severity, 8);
    expect(perturbed(kind, 3, 5)).toEqual(first);
    expect(imageOf(test, 5)).toEqual(source);
  });

  it('writes every pixel', () => {
    const onto = (fill: number) => {
      const out = new Uint8Array(784).fill(fill);
      perturbImage(kind, 4, imageOf(test, 2), test.offset + 2, 'x', keys, out, test);
      return out;
    };
    expect(onto(0)).toEqual(onto(255));
  });

  it('asks only for the keys it declares', () => {
    const asked = new Set<string>();
    const spy: KeySource = (purpose, trialId, role) => {
      expect([trialId, role]).toEqual([`${kind}/4`, 'evaluate']);
      asked.add(purpose);
      return keys(purpose, trialId, role);
    };
    for (let i = 0; i < 30; i++) perturbed(kind, 4, i, spy);
    expect([...asked].sort()).toEqual([...keysOf(kind)].sort());
  });

  it('depends on the seed, the trial and the image exactly when it draws', () => {
    const versions = (from: KeySource, id: string, image: number) =>
      Array.from({ length: 20 }, (_, i) => {
        const out = new Uint8Array(784);
        perturbImage(kind, 3, imageOf(test, i), image + i, id, from, out, test);
        return out;
      });
    const one = versions(keys, 'a', test.offset);
    const others = [
      versions(keysFromSeed(seedHexOf('other')), 'a', test.offset),
      versions(keys, 'b', test.offset),
      versions(keys, 'a', test.offset + 1000),
    ];
    for (const other of others) expect(other.every((image, i) => distance(image, one[i]) === 0)).toBe(keysOf(kind).length === 0);
  });

  it('is milder at severity 1 than at 5, and grows on average', () => {
    const means = severities.map((severity) => {
      let sum = 0;
      for (let i = 0; i < 100; i++) sum += distance(perturbed(kind, severity, i), imageOf(test, i));
      return sum / 100;
    });
    expect(means[0]).toBeGreaterThan(0);
    for (let s = 1; s < means.length; s++) expect(means[s], `severity ${s + 1}`).toBeGreaterThan(means[s - 1]);
  });
});

describe('noise', () => {
  const gray = new Uint8Array(784).fill(128);
  /** Mean and variance in [0, 1] of 100 perturbed gray images. */
  const moments = (kind: Kind, severity: number) => {
    const out = new Uint8Array(784);
    let sum = 0;
    let squares = 0;
    for (let image = 0; image < 100; image++) {
      perturbImage(kind, severity, gray, image, 'noise', keys, out);
      for (const value of out) {
        sum += value / 255;
        squares += (value / 255) ** 2;
      }
    }
    const mean = sum / 78_400;
    return { mean, variance: squares / 78_400 - mean ** 2 };
  };
  const x = 128 / 255;

  it.each([[1, 0.04], [2, 0.08], [3, 0.12]])('gaussian at severity %d has deviation %d', (severity, deviation) => {
    const { mean, variance } = moments('gaussian_noise', severity);
    expect(mean).toBeCloseTo(x, 2);
    expect(Math.sqrt(variance) / deviation).toBeCloseTo(1, 1.7);
  });

  it.each([[1, 60], [2, 25]])('shot at severity %d has the variance of counts around %d x', (severity, c) => {
    const { mean, variance } = moments('shot_noise', severity);
    expect(mean).toBeCloseTo(x, 2);
    expect(variance / (x / c)).toBeCloseTo(1, 1.2);
  });

  it('leaves black black under shot noise', () => {
    const out = new Uint8Array(784);
    perturbImage('shot_noise', 5, new Uint8Array(784), 0, 'noise', keys, out);
    expect(out).toEqual(new Uint8Array(784));
  });

  it.each([[1, 0.005], [5, 0.1]])('impulse at severity %d changes a share of %d, half to black and half to white', (severity, share) => {
    const out = new Uint8Array(784);
    const counts = { 0: 0, 128: 0, 255: 0 };
    for (let image = 0; image < 200; image++) {
      perturbImage('impulse', severity, gray, image, 'noise', keys, out);
      for (const value of out) counts[value as keyof typeof counts]++;
    }
    const expected = (share / 2) * 200 * 784;
    expect(Object.keys(counts)).toHaveLength(3);
    for (const found of [counts[0], counts[255]]) expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

describe('the mixed set', () => {
  const choices = Array.from({ length: 9000 }, (_, i) => mixedChoice(60_000 + i, 'mixed', keys));

  it('draws every core kind and severity about equally often', () => {
    const counts = new Map<string, number>();
    for (const { kind, severity } of choices) counts.set(`${kind}/${severity}`, (counts.get(`${kind}/${severity}`) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual(coreKinds.flatMap((kind) => severities.map((s) => `${kind}/${s}`)).sort());
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
  });

  it('is its choice applied with its own streams, and needs only its declared keys', () => {
    const asked = new Set<string>();
    const spy: KeySource = (purpose, trialId, role) => (asked.add(purpose), keys(purpose, trialId, role));
    const out = new Uint8Array(784);
    const again = new Uint8Array(784);
    for (let i = 0; i < 200; i++) {
      perturbMixed(imageOf(test, i), test.offset + i, 'mixed', spy, out);
      const { kind, severity } = choices[i];
      perturbImage(kind, severity, imageOf(test, i), test.offset + i, 'mixed', keys, again);
      expect(out).toEqual(again);
    }
    expect([...asked].sort()).toEqual([...keysOf('mixed')].sort());
  });
});

describe('the table', () => {
  it('keeps the frozen order of the 18 core kinds', () => {
    expect(coreKinds).toEqual([
      'rot90', 'flip', 'rotate', 'translate', 'scale', 'shear', 'crop', 'perspective', 'gaussian_blur', 'motion_blur',
      'gaussian_noise', 'shot_noise', 'impulse', 'brightness', 'contrast', 'erasing', 'stripe', 'pixelate',
    ]);
    expect(kinds).toHaveLength(24);
    expect(Object.values(perturbations).every(({ apply }) => typeof apply === 'function')).toBe(true);
  });

  it('knows its names, and lists them to whoever asks for another', () => {
    expect(isPerturbation('rotate')).toBe(true);
    expect(isPerturbation('toString')).toBe(false);
    const black = new Uint8Array(784);
    const call = (kind: string, severity: number) => () => perturbImage(kind, severity, black, 0, 'x', keys, black.slice());
    expect(call('wobble', 1)).toThrow(/no perturbation "wobble"\. There are: rot90, flip, .*collage/);
    expect(call('rotate', 6)).toThrow(/Severities are 1 to 5; got 6/);
    expect(call('mixup', 1)).toThrow(/needs a pool/);
  });
});

it('rounds half up, clamps first, and refuses NaN', () => {
  expect([-3, -0, 0.49, 0.5, 254.49, 254.5, 300, Infinity].map(level)).toEqual([0, 0, 0, 1, 254, 255, 255, 255]);
  expect(() => level(Number.NaN)).toThrow(/NaN/);
});
