// What a protocol that fits its schema may still have wrong, which columns it fills, and what it costs.
import { describe, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { estimateCost, referenceCost } from '../../lib/evaluation/cost.ts';
import { doubtsOf, measurable, metricProblem } from '../../lib/evaluation/protocol-problems.ts';
import { parseProtocol, protocols } from '../../lib/evaluation/protocols.ts';
import { shardsOf } from '../../lib/evaluation/shards.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { reportOf } from '../../lib/evaluation/report.ts';

const pgd = { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 20 };
const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 4 };
const of = (...trials: object[]) => parseProtocol({ name: 'x', images: { split: 'test', size: 100 }, trials });

describe('refused', () => {
  test.each([
    ['an epsilon beyond its norm', [{ ...pgd, epsilon: 2 }], 'trials[1]: epsilon 2 in the norm linf: pixels lie in [0, 1], so wanted at most 1'],
    ['a step across the ball', [{ ...pgd, stepSize: 0.3 }], 'trials[1]: stepSize 0.3 leads across the whole ball of epsilon 0.1: wanted at most 0.2'],
    ['draws of a policy that draws nothing', [{ ...pgd, tta: { policy: 'shift', mode: 'eot' } }], 'trials[1]: the policy shift draws nothing at random'],
    ['more images than there are', [{ kind: 'mixed', images: { split: 'test', size: 10_001 } }], '10001 images asked of the test split, which has 10000'],
    ['a trial twice, however it counts', [{ kind: 'clean', scored: false }], 'trials[1] repeats trials[0] (clean)'],
    ['a policy on other images', [{ kind: 'clean', tta: { policy: 'shift' }, images: { split: 'test', first: 9 } }], 'trials[1]: it chooses its images by (test, first), clean by (test, size)'],
    ['an unknown norm', [{ ...pgd, norm: 'l1' }], 'norm: Invalid option: expected one of "linf"|"l2"'],
    ['an epsilon of nothing', [{ ...pgd, epsilon: 0 }], 'epsilon: Too small'],
    ['a target more than there are', [{ kind: 'attack', attack: 'apgd-t', norm: 'linf', epsilon: 0.1, targets: 10 }], 'targets: Too big'],
  ])('%s', (_, trials, message) => expect(() => of({ kind: 'clean' }, ...trials)).toThrow(message));

  test('all problems at once', () => {
    const wrong = () => of({ ...pgd, epsilon: 2, stepSize: 5 }, { kind: 'perturbation', perturbation: 'wind', severity: 1 });
    expect(wrong).toThrow(/epsilon 2 in the norm linf.*\n.*stepSize 5 leads.*\n.*no perturbation "wind"/);
  });

  test('a protocol in which nothing counts', () => {
    expect(() => of({ kind: 'clean', scored: false }, { kind: 'probe' })).toThrow('none of them counts in any column');
  });
});

test('L2 takes radii beyond 1', () => expect(of({ ...pgd, norm: 'l2', epsilon: 2, stepSize: 0.4 }).trials).toHaveLength(1));

describe('what a protocol can be ranked by', () => {
  test('the built-in ones by everything', () => {
    for (const protocol of Object.values(protocols)) expect(measurable(protocol)).toEqual(['mixed', 'meanPerturbation', 'robust', 'clean']);
  });

  test.each([
    ['nothing of the kind', of({ kind: 'clean' }), 'robust', 'needs an attack in the norm linf'],
    ['only shown', of({ kind: 'clean' }, { kind: 'mixed', scored: false }), 'mixed', 'needs a mixed trial'],
    ['only under a policy', of({ kind: 'clean' }, { kind: 'mixed', tta: { policy: 'shift' } }), 'mixed', 'needs a mixed trial without TTA'],
    ['only in L2', of({ kind: 'clean' }, { ...pgd, norm: 'l2' }), 'robust', 'needs an attack in the norm linf'],
    ['images without a common order', of(pgd, { ...pgd, epsilon: 0.2, images: { split: 'test', first: 100 } }), 'robust', 'in 2 ways (test, size; test, first)'],
  ] as const)('not by %s', (_, protocol, metric, message) => {
    expect(metricProblem(protocol, metric)).toContain(message);
    expect(measurable(protocol)).not.toContain(metric);
  });
});

test('doubts: steps that cannot cross their ball, policies that are not really attacked', () => {
  expect(doubtsOf(of({ ...pgd, steps: 5 }))).toEqual([expect.stringContaining('its steps reach 0.0500, less than 2 epsilon')]);
  const transferred = of({ kind: 'mixed' }, { ...pgd, tta: { ...sum, mode: 'transfer' } });
  expect(doubtsOf(transferred)).toEqual([expect.stringContaining('only met by attacks on the bare model'), expect.stringContaining('not measured on the mixed set')]);
  for (const protocol of Object.values(protocols)) expect(doubtsOf(protocol)).toEqual([]);
});

describe('the estimate', () => {
  const protocol = of({ kind: 'clean' }, pgd, { kind: 'attack', attack: 'square', norm: 'linf', epsilon: 0.1, queries: 50 }, { ...pgd, tta: { ...sum, mode: 'known' }, scored: false }, { kind: 'probe' });

  test('says each kind of trial, and adds up to what the shards say', () => {
    const { kinds, trials, images, seconds } = estimateCost(protocol, referenceCost);
    expect(kinds.map(({ kind }) => kind)).toEqual(['clean', 'attack pgd', 'attack square', 'attack pgd on sum, only shown', 'probe']);
    expect([trials, images]).toEqual([5, 500]);
    const planned = shardsOf(protocol, { flopsPerImage: referenceCost.flopsPerImage, operatorsWithoutGradient: [] });
    expect(seconds).toBeCloseTo(planned.reduce((sum, shard) => sum + shard.estimatedSeconds, 0), 8);
    expect(seconds).toBeCloseTo(kinds.reduce((sum, kind) => sum + kind.seconds, 0), 8);
  });

  test('leaves out what a model without gradient is spared', () => {
    expect(estimateCost(protocol, { ...referenceCost, gradient: false }).kinds.map(({ kind }) => kind)).toEqual(['clean', 'attack square', 'probe']);
  });

  test('knows the reference CNN', async () => {
    const bytes = new Uint8Array(await readBaseline('reference-cnn.onnx'));
    const model = await readUpload([{ name: 'reference-cnn.onnx', bytes }]);
    expect(reportOf(model).flopsPerImage).toBe(referenceCost.flopsPerImage);
  });
});
