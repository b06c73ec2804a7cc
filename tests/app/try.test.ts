// The page that tries a model: its address says the view and nothing else, and its choices are all that can be measured.
import { expect, test } from 'vitest';
import { addressOf, baselineOf, plain, settingOf, viewOf, type View } from '../../app/try/address.ts';
import { answerOf, shares, shareText } from '../../app/try/answer.ts';
import { attacks, baselines, epsilons, policies } from '../../app/try/choices.ts';
import { baselines as committed } from '../../lib/baselines/index.ts';
import { parseProtocol, protocols } from '../../lib/evaluation/protocols.ts';
import { attackNames } from '../../lib/evaluation/trial.ts';
import { attackTrial } from '../../lib/playground/setting.ts';

const kinds = ['rotate', 'gaussian_blur'];
const asked = (address: string) => Object.fromEntries(new URLSearchParams(address));

test.each<[string, Partial<View>]>([
  ['the picture as it is', {}],
  ['a perturbation', { image: 17, kind: 'gaussian_blur', severity: 5 }],
  ['an attack', { attack: 'pgd', norm: 'l2', radius: 3, effort: 7 }],
  ['an attack without effort', { attack: 'fgsm', radius: 0 }],
  ['everything', { image: 3, severity: 2, attack: 'square', radius: 4, effort: 500, policy: 'sum', mode: 'eot' }],
])('an address keeps %s', (_, part) => {
  const view = { ...plain, ...part };
  const address = addressOf(view, 'mlp.onnx');
  expect(settingOf(viewOf(asked(address), kinds))).toEqual(settingOf(view));
  expect(baselineOf(asked(address))).toBe('mlp.onnx');
  // A model of one's own has no place in it.
  expect(baselineOf(asked(addressOf(view, null)))).toBeNull();
});

test('what an address says wrongly is as usual', () => {
  const wrong = { image: '256', kind: 'melt', severity: '9', attack: 'hope', epsilon: 'much', policy: ['d4', 'x'], model: '../etc/passwd' };
  expect(viewOf(wrong, kinds)).toEqual({ ...plain, policy: 'd4' });
  expect(baselineOf(wrong)).toBeNull();
});

test('every attack, baseline and a valid policy can be chosen', () => {
  expect(Object.keys(attacks).toSorted()).toEqual([...attackNames].toSorted());
  expect(baselines.map(({ file }) => file).toSorted()).toEqual(committed.map(({ file }) => file).toSorted());
  const trials = Object.entries(attacks).flatMap(([attack, { effort, l2, gradient }]) =>
    (l2 ? (['linf', 'l2'] as const) : (['linf'] as const)).flatMap((norm) =>
      epsilons[norm].map((epsilon) => {
        const trial = attackTrial({ attack: attack as keyof typeof attacks, norm, epsilon, steps: effort?.usual ?? 1 }, null, 'transfer');
        expect(trial.norm).toBe(norm);
        expect(gradient).toBe(!['square', 'ensemble', 'noise', 'transfer'].includes(attack));
        return trial;
      }),
    ),
  );
  const under = Object.values(policies).map(({ tta }) => ({ kind: 'clean', tta }));
  expect(() => parseProtocol({ name: 'all', trials: [...trials, ...under] })).not.toThrow();
});

test('the ladder of gauntlet-v1 is among the radii', () => {
  const own = new Set<number>(epsilons.linf);
  const scored = protocols['gauntlet-v1'].trials.flatMap((trial) => (trial.kind === 'attack' && trial.norm === 'linf' && trial.scored !== false ? [trial.epsilon] : []));
  expect(scored.filter((epsilon) => !own.has(epsilon))).toEqual([]);
});

test('an answer is the likeliest class, the lowest of equals, and no share looks like all or nothing that is not', () => {
  const logits = Float32Array.of(0, 2, 2, 0, 0, 0, 0, 0, 0, 0);
  expect(answerOf(logits)).toMatchObject({ label: 1, name: 'Trouser' });
  expect(shares(logits).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(shares(Float32Array.of(Number.NaN, 1, 1, 1, 1, 1, 1, 1, 1, 1))).toEqual(new Array(10).fill(0));
  expect([0, 0.001, 0.5, 0.999, 1].map(shareText)).toEqual(['0 %', '<1 %', '50 %', '>99 %', '100 %']);
});
