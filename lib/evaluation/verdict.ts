// Judges logits: which rows are right, and which cannot be trusted to be the same on another machine.
import type { Engine } from '../engines/engine.ts';
import { predictions } from '../tensor.ts';
import type { Inputs } from './inputs.ts';

/** Two largest logits closer than this may change places on another machine (spec 2.5). */
const nearTie = 1e-4;

/** What is found on one row. */
export type Verdict = {
  /** Class; the lowest index wins a tie. */
  prediction: number;
  /** Whether the prediction counts as right. A row with a logit that is not finite never does. */
  right: boolean;
  nearTie: boolean;
  notFinite: boolean;
  /** Whether each of several independent evaluations was right; `[right]` where there was one. */
  rightByDraw: boolean[];
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

/** A fresh forward pass, judged row by row. `drawSet` is which of the evaluation's own draws a policy takes: their restart. */
export async function judge(engine: Engine, { x, labels, image }: Inputs, drawSet = 0): Promise<Verdict[]> {
  const logits = await engine.logits({ x, image, draw: { role: 'evaluate', restart: drawSet, step: 0 } });
  const classes = logits.shape[1];
  return Array.from(predictions(logits), (prediction, row) => {
    const values = logits.data.subarray(row * classes, (row + 1) * classes);
    const finite = values.every(Number.isFinite);
    const right = finite && prediction === labels[row];
    return { prediction, right, nearTie: finite && isNearTie(values), notFinite: !finite, rightByDraw: [right] };
  });
}

/**
 * Independent evaluations with draw sets 0, 1, ... of a policy that draws at random. The verdict is draw set 0's; the
 * others say how far chance moves it (spec 4.2: the Monte-Carlo spread).
 */
export async function judgeWithSpread(engine: Engine, inputs: Inputs, drawSets: number): Promise<Verdict[]> {
  const [first, ...others] = await judgedBy(engine, inputs, drawSets);
  return first.map((verdict, row) => ({ ...verdict, rightByDraw: [verdict, ...others.map((set) => set[row])].map(({ right }) => right) }));
}

/**
 * The same evaluations, of which most decide (spec 2.9): a row is right when more than half of them are, its prediction is
 * the class most of them name (the lowest of equals), and it is a near tie or not finite when any of them is.
 */
export async function judgeByMajority(engine: Engine, inputs: Inputs, drawSets: number): Promise<Verdict[]> {
  const sets = await judgedBy(engine, inputs, drawSets);
  return sets[0].map((_, row) => {
    const verdicts = sets.map((set) => set[row]);
    const rightByDraw = verdicts.map(({ right }) => right);
    return {
      prediction: mostFrequent(verdicts.map(({ prediction }) => prediction)),
      right: rightByDraw.filter(Boolean).length > drawSets / 2,
      nearTie: verdicts.some((verdict) => verdict.nearTie),
      notFinite: verdicts.some((verdict) => verdict.notFinite),
      rightByDraw,
    };
  });
}

async function judgedBy(engine: Engine, inputs: Inputs, drawSets: number): Promise<Verdict[][]> {
  const sets: Verdict[][] = [];
  for (let set = 0; set < drawSets; set++) sets.push(await judge(engine, inputs, set));
  return sets;
}

function mostFrequent(classes: readonly number[]): number {
  const votes = new Uint32Array(256);
  for (const label of classes) votes[label]++;
  return votes.indexOf(Math.max(...votes));
}
