// The perturbations against other people's libraries and a second implementation of the draws (make_perturbation_reference.py).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist, type Pool } from '../../lib/datasets/load.ts';
import { coreKinds, kinds, type Kind } from '../../lib/perturbations/index.ts';
import { mixedChoice, perturbImage, severities } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';
import reference from './reference.json' with { type: 'json' };

const content = gunzipSync(readFileSync(new URL('./reference.bin.gz', import.meta.url)));
const keys = keysFromSeed(seedHexOf('test'));
let test: Pool;

beforeAll(async () => {
  test = (await loadFashionMnist(await findFashionMnist())).test;
});

/**
 * Largest difference allowed, in levels. 0: the other library computes the same number exactly, or moves whole pixels.
 * 1: the last bit may decide a rounding, or the other rounds a parameter later (brightness adds 25.5, not 26).
 */
const tolerance: Record<Kind, 0 | 1> = {
  rot90: 0, flip: 0, translate: 0, impulse: 0, erasing: 0, collage: 0,
  rotate: 1, scale: 1, shear: 1, crop: 1, perspective: 1, gaussian_blur: 1, motion_blur: 1, sharpness: 1, gaussian_noise: 1,
  shot_noise: 1, brightness: 1, contrast: 1, stripe: 1, fog: 1, spatter: 1, pixelate: 1, jpeg: 1, mixup: 1,
};

describe('reference', () => {
  it('covers the whole table', () => {
    expect(reference.kinds.toSorted()).toEqual(kinds.toSorted());
    expect(reference.kinds.slice(0, 18)).toEqual(coreKinds);
  });

  it.each(reference.kinds as Kind[])('agrees on %s', (kind) => {
    let offset = reference.kinds.indexOf(kind) * severities.length * reference.images * 784;
    const out = new Uint8Array(784);
    for (const severity of severities) {
      for (let i = 0; i < reference.images; i++) {
        perturbImage(kind, severity, imageOf(test, i), test.offset + i, `${kind}/${severity}`, keys, out, test);
        const other = content.subarray(offset, (offset += 784));
        const worst = out.reduce((most, value, p) => Math.max(most, Math.abs(value - other[p])), 0);
        expect(worst, `severity ${severity}, image ${i}`).toBeLessThanOrEqual(tolerance[kind]);
      }
    }
  });

  it('agrees on what mixed images get', () => {
    expect(reference.mixed.map((_, i) => mixedChoice(test.offset + i, 'mixed', keys))).toEqual(reference.mixed);
  });
});
