// A recipe names its bytes, and a challenge's recipe follows from what everybody knows of it.
import { describe, expect, test } from 'vitest';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { coreKinds } from '../../lib/perturbations/index.ts';
import { kindsOf, recipeId, recipeOf, recipeSchema, trainingSeed, type Recipe } from '../../lib/training-data/recipe.ts';

const recipe = recipeOf({ seed: trainingSeed('a'), kinds: ['rotate', 'mixup'] });

test('the whole train split at all severities, under a seed that its challenge names', () => {
  const whole = { version: 1, split: 'train', images: 60_000, severities: [1, 2, 3, 4, 5] };
  expect(recipe).toEqual({ ...whole, seed: 'gauntlet-training|a', kinds: ['rotate', 'mixup'] });
  expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
});

test('the name depends on every field and on nothing else', () => {
  const others: Partial<Recipe>[] = [
    { split: 'test', images: 10_000 },
    { images: 1 },
    { seed: 'b' },
    { kinds: ['mixup', 'rotate'] },
    { severities: [1, 2] },
  ];
  const ids = [recipe, ...others.map((other) => ({ ...recipe, ...other }))].map(recipeId);
  expect(new Set(ids).size).toBe(ids.length);
  const { seed, ...rest } = recipe;
  expect(recipeId({ seed, ...rest })).toBe(recipeId(recipe));
});

test.each<[string, object]>([
  ['another version', { version: 2 }],
  ['an unknown kind', { kinds: ['melt'] }],
  ['a kind twice', { kinds: ['rotate', 'rotate'] }],
  ['no kind', { kinds: [] }],
  ['severity 6', { severities: [6] }],
  ['more images than there are', { split: 'test', images: 10_001 }],
])('%s is no recipe', (_, wrong) => expect(recipeSchema.safeParse({ ...recipe, ...wrong }).success).toBe(false));

describe('the kinds of a protocol', () => {
  test('of the built-in protocols are the 18 core ones, without those that are only shown', () => {
    for (const protocol of Object.values(protocols)) expect(kindsOf(protocol)).toEqual(coreKinds);
  });

  test('are each once in the order of the table, whatever the order of the trials', () => {
    const trialOf = (perturbation: string, i: number) => ({ kind: 'perturbation' as const, perturbation, severity: i + 1 });
    const trials = ['mixup', 'rotate', 'rotate', 'flip'].map(trialOf);
    expect(kindsOf({ trials })).toEqual(['flip', 'rotate', 'mixup']);
    expect(kindsOf({ trials: [{ kind: 'mixed' }] })).toEqual(coreKinds);
    expect(kindsOf({ trials: [{ kind: 'clean' }] })).toEqual([]);
  });
});
