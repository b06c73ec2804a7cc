// Whether a part says what was asked: it comes from a process that ran a stranger's model, so nothing in it is believed.
import type { Part } from '../evaluation/cell.ts';
import { drawSetsOf } from '../evaluation/parts.ts';
import type { Trial } from '../evaluation/trial.ts';
import { examplesProblem } from './validate-examples.ts';

/** `partSize` is the trial's own (lib/evaluation/parts.ts), so that parts of any two runs cover the same images. */
export type Asked = { trialId: string; trial: Trial; start: number; end: number; partSize: number };

/** What is wrong with a part, as a sentence; null when it is a possible answer to the question. */
export function partProblem(part: Part, asked: Asked): string | null {
  const { start, end, predictions, correctBits, confusion, diagnostics } = part;
  const images = end - start;
  if (part.trialId !== asked.trialId) return `It is of trial ${part.trialId}; asked was ${asked.trialId}.`;
  if (!(start >= asked.start && end <= asked.end && images > 0)) {
    return `It covers images ${start} to ${end}; asked were ${asked.start} to ${asked.end}.`;
  }
  if (start % asked.partSize !== 0 || end !== Math.min(start + asked.partSize, asked.end)) {
    return `It covers images ${start} to ${end}; parts of this trial have ${asked.partSize}.`;
  }
  if (predictions.length !== images) return `It has ${predictions.length} predictions for ${images} images.`;
  if (correctBits.length !== Math.ceil(images / 8)) return `It has ${correctBits.length} bytes of outcomes for ${images} images.`;
  if (images % 8 !== 0 && correctBits[correctBits.length - 1] >> images % 8 !== 0) return 'It has outcomes beyond its last image.';

  if (confusion.length !== 100) return `Its confusion matrix has ${confusion.length} entries; 100 belong there.`;
  const predicted = new Array<number>(10).fill(0);
  for (const label of predictions) {
    if (label > 9) return `It predicts class ${label}.`;
    predicted[label]++;
  }
  const columns = predicted.map((_, column) => confusion.reduce((sum, n, index) => sum + (index % 10 === column ? n : 0), 0));
  if (columns.some((total, column) => total !== predicted[column])) return 'Its confusion matrix does not count its predictions.';
  // An attacked image may be wrong under one iterate and its last prediction right, so only the upper bound holds.
  const right = popcount(correctBits);
  const diagonal = confusion.reduce((sum, n, index) => sum + (index % 11 === 0 ? n : 0), 0);
  if (right > diagonal) return `It counts ${right} right outcomes, but only ${diagonal} right predictions.`;
  const beyond = Object.entries(diagnostics).find(([, rows]) => [rows].flat().some((each) => each > images));
  if (beyond) return `Its ${beyond[0]} is ${beyond[1]} of ${images} images.`;
  return drawsProblem(diagnostics.correctByDraw, right, asked.trial) ?? examplesProblem(part, asked.trial);
}

function drawsProblem(byDraw: readonly number[] | undefined, right: number, trial: Trial): string | null {
  const wanted = drawSetsOf(trial) > 1 ? drawSetsOf(trial) : 0;
  const found = byDraw?.length ?? 0;
  if (found !== wanted) return `It counts the right rows of ${found} draw sets; ${wanted} belong there.`;
  // Under attack most draw sets decide, and none of them alone.
  const first = trial.kind === 'attack' ? undefined : byDraw?.[0];
  if (first !== undefined && first !== right) return `Its first draw set has ${first} right, its outcomes ${right}.`;
  return null;
}

function popcount(bits: Uint8Array): number {
  let count = 0;
  for (let byte of bits) for (; byte; byte &= byte - 1) count++;
  return count;
}
