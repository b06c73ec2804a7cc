// Judges logits: which rows are right, and which cannot be trusted to be the same on another machine.
import type { Engine } from '../engines/engine.ts';
import { predictions } from '../tensor.ts';
import type { Diagnostics } from './cell.ts';
import type { Inputs } from './inputs.ts';

/** Two largest logits closer than this may change places on another machine (spec 2.5). */
const nearTie = 1e-4;

export type Verdict = {
  /** [N] predicted class; the lowest index wins a tie. */
  predictions: Uint8Array;
  /** [N] whether the prediction counts as right. A row with a logit that is not finite never does. */
  right: boolean[];
  diagnostics: Required<Pick<Diagnostics, 'nearTies' | 'notFinite'>>;
};

function isNearTie(logits: Float32Array): boolean {
  let first = -Infinity;
  let second = -Infinity;
  for (const value of logits) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return first - second < nearTie;
}

/** A fresh forward pass with the evaluation's own draws, judged. */
export async function judge(engine: Engine, { x, labels, image }: Inputs): Promise<Verdict> {
  const logits = await engine.logits({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } });
  const classes = logits.shape[1];
  const predicted = predictions(logits);
  const verdict: Verdict = { predictions: predicted, right: [], diagnostics: { nearTies: 0, notFinite: 0 } };
  for (let row = 0; row < labels.length; row++) {
    const values = logits.data.subarray(row * classes, (row + 1) * classes);
    const finite = values.every(Number.isFinite);
    if (!finite) verdict.diagnostics.notFinite++;
    else if (isNearTie(values)) verdict.diagnostics.nearTies++;
    verdict.right.push(finite && predicted[row] === labels[row]);
  }
  return verdict;
}
