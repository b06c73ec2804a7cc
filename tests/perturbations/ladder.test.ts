// The accuracy of the reference CNN falls under every perturbation as spec 1.3 says it does (all images: docs/perturbations.md).
import { beforeAll, describe, expect, it } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { coreKinds, kinds, type Kind } from '../../lib/perturbations/index.ts';
import { measureLadder, targets } from './ladder.ts';

/** Both sides are samples, ours with a standard error up to 2.2 points, and with other random numbers. */
const tolerance = 7;

let ladder: Map<Kind, number[]>;

beforeAll(async () => {
  ladder = await measureLadder(await loadFashionMnist(await findFashionMnist()), { split: 'test', first: 500 }, 'ladder');
}, 120_000);

describe('the first 500 test images', () => {
  it.each(kinds)('under %s', (kind) => {
    ladder.get(kind)!.forEach((value, i) => {
      expect(Math.abs(value - targets[kind][i]), `severity ${i + 1}: ${value}`).toBeLessThanOrEqual(tolerance);
      if (i > 0) expect(value, `severity ${i + 1}`).toBeLessThanOrEqual(ladder.get(kind)![i - 1] + 1);
    });
  });

  it('on average over the core kinds', () => {
    const mean = (of: (kind: Kind) => readonly number[]) => coreKinds.flatMap(of).reduce((sum, value) => sum + value, 0) / 90;
    expect(Math.abs(mean((kind) => ladder.get(kind)!) - mean((kind) => targets[kind]))).toBeLessThanOrEqual(2);
  });
});
