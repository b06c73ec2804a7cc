// The score as a pure function of cells: every column by hand, nothing before its cells have landed.
import { describe, expect, test } from 'vitest';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { imageOutcomes, metrics } from '../../lib/evaluation/outcomes.ts';
import { score } from '../../lib/evaluation/score.ts';
import { wilson } from '../../lib/evaluation/statistics.ts';
import { cell } from './cells.ts';

const linf = { kind: 'attack', norm: 'linf', images: { split: 'test', size: 4 } };
const protocol = parseProtocol({
  name: 'tiny',
  images: { split: 'test', size: 8 },
  trials: [
    { kind: 'clean' },
    { kind: 'mixed' },
    { kind: 'mixed', tta: { policy: 'shift' } },
    { kind: 'perturbation', perturbation: 'rotate', severity: 1, images: { split: 'test', size: 4 } },
    { kind: 'perturbation', perturbation: 'rotate', severity: 5, images: { split: 'test', size: 4 } },
    { kind: 'perturbation', perturbation: 'flip', severity: 5, images: { split: 'test', size: 4 } },
    { ...linf, attack: 'fgsm', epsilon: 0.1 },
    { ...linf, attack: 'bim', epsilon: 0.1, stepSize: 0.01, steps: 10 },
    { ...linf, attack: 'fgsm', epsilon: 0.2 },
  ],
});

const cells = new Map([
  cell('clean', '11111110'),
  cell('mixed', '11110000'),
  cell('mixed+shift', '11101100'),
  cell('rotate/1@test-4', '1111'),
  cell('rotate/5@test-4', '1010'),
  cell('flip/5@test-4', '1100'),
  cell('fgsm/linf/0.1@test-4', '1110'),
  cell('bim/linf/0.1/0.01x10/last@test-4', '1011'),
  cell('fgsm/linf/0.2@test-4', '1000'),
]);

test('single accuracies with Wilson intervals', () => {
  const { clean, mixed } = score(protocol, cells);
  expect(clean).toEqual(wilson(7, 8));
  expect(mixed).toEqual(wilson(4, 8));
});

test('the mean perturbation is per image over all cells', () => {
  const { meanPerturbation, worstPerturbation } = score(protocol, cells);
  expect([...imageOutcomes(protocol, cells, 'meanPerturbation')!]).toEqual([1, 2 / 3, 2 / 3, 1 / 3]);
  expect(meanPerturbation).toMatchObject({ value: 8 / 12, images: 4 });
  const sd = Math.sqrt(((1 / 3) ** 2 + (1 / 3) ** 2) / 3);
  expect(meanPerturbation!.high - meanPerturbation!.value).toBeCloseTo((1.959964 * sd) / 2, 10);
  expect(worstPerturbation).toMatchObject({ perturbation: 'flip', value: 0.5, images: 4 });
});

test('robust is the mean over the ladder of the worst case per image', () => {
  // At 0.1 both attacks: 1 0 1 0; at 0.2: 1 0 0 0.
  expect([...imageOutcomes(protocol, cells, 'robust')!]).toEqual([1, 0, 0.5, 0]);
  expect(score(protocol, cells).robust).toMatchObject({ value: 0.375, images: 4 });
});

test('each step of the ladder is the worst case at one epsilon, as soon as its own attacks have landed', () => {
  expect(score(protocol, cells).ladder).toEqual([
    { norm: 'linf', epsilon: 0.1, worst: wilson(2, 4) },
    { norm: 'linf', epsilon: 0.2, worst: wilson(1, 4) },
  ]);
  const early = new Map([...cells].filter(([id]) => !id.startsWith('bim')));
  expect(score(protocol, early).ladder.map(({ epsilon }) => epsilon)).toEqual([0.2]);
});

test('the TTA gain is paired', () => {
  const gain = score(protocol, cells).ttaGain.shift;
  expect(gain).toMatchObject({ value: 1 / 8, images: 8 });
  const differences = [0, 0, 0, -1, 1, 1, 0, 0];
  const sd = Math.sqrt(differences.reduce((sum, d) => sum + (d - 1 / 8) ** 2, 0) / 7);
  expect(gain.high - gain.low).toBeCloseTo((2 * 1.959964 * sd) / Math.sqrt(8), 10);
});

describe('a column is null until all its cells have landed', () => {
  const columnsWithout = (id: string) => {
    const some = new Map([...cells].filter(([other]) => other !== id));
    const found = score(protocol, some);
    const { ttaGain } = found;
    const names = ['clean', 'mixed', 'meanPerturbation', 'worstPerturbation', 'robust'] as const;
    return [...names.map((name) => [name, found[name]] as const).filter(([, value]) => value === null).map(([name]) => name), ...(ttaGain.shift ? [] : ['ttaGain'])];
  };
  test.each([
    ['clean', ['clean']],
    ['mixed', ['mixed', 'ttaGain']],
    ['mixed+shift', ['ttaGain']],
    ['rotate/5@test-4', ['meanPerturbation', 'worstPerturbation']],
    ['bim/linf/0.1/0.01x10/last@test-4', ['robust']],
  ])('%s', (id, columns) => expect(columnsWithout(id)).toEqual(columns));

  test('and before any has', () => {
    expect(score(protocol, new Map())).toMatchObject({
      clean: null, mixed: null, meanPerturbation: null, robust: null, robustL2: null, worstPerturbation: null,
      ladder: [], ladderL2: [], ttaGain: {}, families: {}, flags: [], checked: [],
    });
    for (const metric of metrics) expect(imageOutcomes(protocol, new Map(), metric)).toBeNull();
  });
});

test('cells on images without a common order have no common mean', () => {
  const mixed = parseProtocol({
    name: 'x', images: { split: 'test', size: 4 },
    trials: [{ kind: 'perturbation', perturbation: 'flip', severity: 1 }, { kind: 'perturbation', perturbation: 'flip', severity: 2, images: { split: 'test', first: 4 } }],
  });
  expect(score(mixed, new Map([cell('flip/1', '1111'), cell('flip/2@test-first-4', '1111')])).meanPerturbation).toBeNull();
});

test('a longer cell is cut to the images that all share', () => {
  const nested = parseProtocol({
    name: 'x', images: { split: 'test', size: 4 },
    trials: [{ kind: 'perturbation', perturbation: 'flip', severity: 1 }, { kind: 'perturbation', perturbation: 'flip', severity: 2, images: { split: 'test', size: 2 } }],
  });
  expect(score(nested, new Map([cell('flip/1', '1011'), cell('flip/2@test-2', '11')])).meanPerturbation).toMatchObject({ value: 0.75, images: 2 });
});
