// The strengths that pages show beside a perturbation are those that its code uses.
import { expect, test } from 'vitest';
import { kinds, perturbations } from '../../lib/perturbations/index.ts';
import { angleCosines, blurKernels, motionKernels } from '../../lib/perturbations/tables/literals.ts';
import { perturbImage } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';

test.each(kinds)('%s has one for each severity', (kind) => {
  const { of, values } = perturbations[kind].strength;
  expect(of).not.toBe('');
  expect(values).toHaveLength(5);
});

test('those of literal tables are what the tables were made from', () => {
  perturbations.rotate.strength.values.forEach((angle, i) => expect(Math.cos(Number(angle))).toBeCloseTo(angleCosines[i], 12));
  // Neighbouring weights of a Gaussian kernel have the ratio exp(-1 / 2 sigma^2).
  perturbations.gaussian_blur.strength.values.forEach((sigma, i) =>
    expect(blurKernels[i][1] / blurKernels[i][0]).toBeCloseTo(Math.exp(-1 / (2 * Number(sigma) ** 2)), 6));
  expect(perturbations.motion_blur.strength.values).toEqual(motionKernels.map((weights) => weights.length));
});

test('a turn or flip happens as often as is said', () => {
  const source = Uint8Array.from({ length: 784 }, (_, p) => p % 251);
  const keys = keysFromSeed(seedHexOf('strength'));
  const out = new Uint8Array(784);
  for (const kind of ['rot90', 'flip'] as const) {
    perturbations[kind].strength.values.forEach((share, i) => {
      let changed = 0;
      for (let image = 0; image < 500; image++) {
        perturbImage(kind, i + 1, source, image, `${kind}/${i + 1}`, keys, out);
        if (out.some((value, p) => value !== source[p])) changed++;
      }
      expect(changed / 500).toBeCloseTo(Number(String(share).split('/')[0]) / 5, 0.8);
    });
  }
});
