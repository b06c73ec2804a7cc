// CE, mCE and relative mCE by hand (spec 1.4), the perturbations that are dropped, and intervals that cover.
import { describe, expect, test } from 'vitest';
import { corruptionError } from '../../lib/evaluation/corruption.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import { cell } from './cells.ts';

const protocol = parseProtocol({
  name: 'corruptions',
  images: { split: 'test', size: 8 },
  trials: [
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'rotate', severity: 1, images: { split: 'test', size: 4 } },
    { kind: 'perturbation', perturbation: 'rotate', severity: 5, images: { split: 'test', size: 4 } },
    { kind: 'perturbation', perturbation: 'flip', severity: 3, images: { split: 'test', size: 4 } },
    { kind: 'perturbation', perturbation: 'jpeg', severity: 3, scored: false },
  ],
});
const cellsOf = (...outcomes: string[]) => new Map(outcomes.map((bits, i) => cell(trialId(protocol.trials[i]), bits)));
const reference = cellsOf('11110000', '1110', '1000', '1111');
// Flip never fools it, so it is no measure: another one that does.
const useful = cellsOf('11110000', '1110', '1000', '1110');
const model = cellsOf('11100000', '1100', '1100', '1100');

test('errors as a share of the reference’s, times 100, on the images all share', () => {
  const found = corruptionError(protocol, model, useful)!;
  // Rotate: 2 + 2 errors to 1 + 3; flip: 2 to 1.
  expect(found.perturbations.rotate.ce).toMatchObject({ value: 100, images: 4 });
  expect(found.perturbations.flip.ce.value).toBe(200);
  expect(found.mce.value).toBe(150);
  expect(Object.keys(found.perturbations)).toEqual(['rotate', 'flip']);
});

test('relative: what a perturbation adds to the clean error', () => {
  const found = corruptionError(protocol, model, useful)!;
  // On the four shared images the model's clean error is 1/4, the reference's 0: (4 - 2) / 4 and (2 - 1) / 1.
  expect(found.perturbations.rotate.relative!.value).toBeCloseTo(50, 10);
  expect(found.perturbations.flip.relative!.value).toBeCloseTo(100, 10);
  expect(found.relativeMce!.value).toBeCloseTo(75, 10);
});

test('the reference is 100, without a doubt', () => {
  expect(corruptionError(protocol, useful, useful)).toMatchObject({ mce: { value: 100, low: 100, high: 100 }, relativeMce: { value: 100, low: 100, high: 100 } });
});

describe('what cannot be compared', () => {
  test('a perturbation that never fools the reference leaves no mean', () => expect(corruptionError(protocol, model, reference)).toBeNull());

  test('one that hardly costs it anything is left out of the relative mean', () => {
    const dull = cellsOf('11100000', '0000', '0000', '1110');
    const found = corruptionError(protocol, model, dull)!;
    expect(found.perturbations.flip.relative).toBeNull();
    expect(found.relativeMce!.value).toBeCloseTo(found.perturbations.rotate.relative!.value, 10);
  });

  test('nothing before all cells of both have landed', () => {
    const early = (cells: typeof model) => new Map([...cells].slice(0, -1));
    expect(corruptionError(protocol, early(model), useful)).toBeNull();
    expect(corruptionError(protocol, model, early(useful))).toBeNull();
  });

  test('no relative mean without a clean trial', () => {
    const bare = { ...protocol, trials: protocol.trials.slice(1) };
    expect(corruptionError(bare, model, useful)).toMatchObject({ mce: { value: 150 }, relativeMce: null });
  });
});

test('the intervals cover the true mCE about 95 times in 100, though the reference’s errors are estimates too', () => {
  const images = 400;
  const wide = { ...protocol, images: { split: 'test' as const, size: images }, trials: protocol.trials.slice(0, 4).map((trial) => ({ ...trial, images: undefined })) };
  const right = { model: [0.9, 0.8, 0.5, 0.7], reference: [0.9, 0.7, 0.4, 0.6] };
  const truth = (100 * ((0.2 + 0.5) / (0.3 + 0.6) + 0.3 / 0.4)) / 2;
  const rounds = 300;
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    const stream = new Stream(deriveKey('', 'bootstrap', 'mce', 'evaluate'), { image: round });
    // Half of what makes an image hard is shared by both models and all cells.
    const hard = Array.from({ length: images }, () => stream.uniform());
    const draw = (accuracies: number[]) => new Map(accuracies.map((p, i) => cell(trialId(wide.trials[i]),
      hard.map((shared) => (stream.uniform() < 0.5 ? shared : stream.uniform()) < p ? '1' : '0').join(''))));
    const { low, high } = corruptionError(wide, draw(right.model), draw(right.reference))!.mce;
    if (low <= truth && truth <= high) covered++;
  }
  expect(covered / rounds).toBeGreaterThan(0.92);
  expect(covered / rounds).toBeLessThan(0.98);
});
