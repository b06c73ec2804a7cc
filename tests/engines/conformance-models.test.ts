// Whole networks on every engine: against PyTorch's committed logits and gradients, and against each other.
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { engineNames } from '../../lib/runtimes.ts';
import { tensor } from '../../lib/tensor.ts';
import { names, referenceOf, type Reference } from '../autodiff/references.ts';
import { relativeError } from '../autodiff/run.ts';

const forwardTolerance = 1e-4;
const gradientTolerance = 1e-3;

function rowsOf({ x, labels }: Reference): Rows {
  const count = labels.length;
  return { x: tensor(x, [count, 784]), image: new Uint32Array(count), draw: { role: 'attack', restart: 0, step: 0 } };
}

/** Logits alone, the pullback of the reference's cotangent, and the gradient of the loss seed. */
async function answersOf(engine: (typeof engineNames)[number], reference: Reference) {
  const made = await openEngine(reference.model, { engine, batchSize: reference.labels.length });
  const rows = rowsOf(reference);
  const cotangent = tensor(reference.cotangent, [reference.labels.length, 10]);
  try {
    return {
      logits: (await made.logits(rows)).data,
      pullback: (await made.pullback!(rows, cotangent)).dx.data,
      loss: (await made.lossGradient!(rows, Uint8Array.from(reference.labels), 'cross-entropy')).dx.data,
    };
  } finally {
    await made.close();
  }
}

describe.each(names)('%s', (name) => {
  // Once each: pure JavaScript takes its time.
  const given = new Map<string, ReturnType<typeof answersOf>>();
  const answers = (engine: (typeof engineNames)[number], reference: Reference) => {
    if (!given.has(engine)) given.set(engine, answersOf(engine, reference));
    return given.get(engine)!;
  };

  test.each(engineNames)('%s gives what PyTorch gave', async (engine) => {
    const reference = await referenceOf(name);
    const { logits, pullback } = await answers(engine, reference);
    expect(relativeError(logits, reference.logits)).toBeLessThan(forwardTolerance);
    expect(relativeError(pullback, reference.pullback)).toBeLessThan(gradientTolerance);
  });

  test('the engines agree with each other', async () => {
    const reference = await referenceOf(name);
    const [first, ...others] = await Promise.all(engineNames.map((engine) => answers(engine, reference)));
    for (const other of others) {
      expect(relativeError(other.logits, first.logits)).toBeLessThan(forwardTolerance);
      expect(relativeError(other.pullback, first.pullback)).toBeLessThan(gradientTolerance);
      expect(relativeError(other.loss, first.loss)).toBeLessThan(gradientTolerance);
    }
  });
});
