// Whole networks against PyTorch's gradients (tests/reference/README.md), read from the files PyTorch exported.
import { describe, expect, test } from 'vitest';
import { differentiate, differentiatePlain, withoutGradient, type Seed } from '../../lib/autodiff/compile.ts';
import { names, referenceOf, type Reference } from './references.ts';
import { relativeError, runnerOf } from './run.ts';

const tolerance = 1e-5;

/** Logits and gradient of a seed's graph, its second input being `data`. */
async function run({ graph, x, labels }: Reference, compile: typeof differentiate, seed: Seed, data: Float32Array) {
  const compiled = compile(graph, labels.length, seed);
  return (await runnerOf(compiled))({ x, [compiled.inputs[1].name]: data });
}

describe.each(names)('%s', (name) => {
  test('has a gradient', async () => expect(withoutGradient((await referenceOf(name)).graph)).toEqual([]));

  test.each([['plain', differentiatePlain], ['rewritten', differentiate]] as const)('pulls a cotangent back, %s', async (_, compile) => {
    const reference = await referenceOf(name);
    const { logits, dx } = await run(reference, compile, 'cotangent', reference.cotangent);
    expect(relativeError(logits, reference.logits)).toBeLessThan(tolerance);
    expect(relativeError(dx, reference.pullback)).toBeLessThan(tolerance);
  });

  test('ascends cross-entropy: the loss seed gives the gradient divided by 1 - p of the true class', async () => {
    const reference = await referenceOf(name);
    const onehot = new Float32Array(reference.labels.length * 10);
    reference.labels.forEach((label, row) => (onehot[row * 10 + label] = 1));
    const { logits, dx } = await run(reference, differentiate, 'cross-entropy', onehot);
    const scaled = dx.map((value, i) => {
      const row = Math.floor(i / 784);
      const exps = Array.from(logits.subarray(row * 10, row * 10 + 10), Math.exp);
      return value * (1 - exps[reference.labels[row]] / exps.reduce((a, b) => a + b));
    });
    expect(relativeError(scaled, reference.gradient)).toBeLessThan(tolerance);
  });
});

test('the references hold the networks that must be right', () => {
  expect(names).toEqual(expect.arrayContaining(['linear', 'mlp', 'cnn-batch-norm', 'resnet']));
});
