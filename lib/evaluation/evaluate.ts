// Measures an engine: trials in, parts out as they are ready. Knows no database, no site and no file.
import { poolOf, type Dataset } from '../datasets/load.ts';
import type { Engine } from '../engines/engine.ts';
import type { KeySource } from '../random.ts';
import { policies } from '../tta/index.ts';
import type { Policy } from '../tta/policy.ts';
import { inBatches } from './batches.ts';
import type { Part } from './cell.ts';
import { imageOrder } from './images.ts';
import { type Inputs, inputsOf } from './inputs.ts';
import { partSize } from './parts.ts';
import { attackAndJudge, type Outcome } from './robustness.ts';
import { mostWanted } from './shards.ts';
import { needsGradient, type Protocol, type Trial, type Tta } from './trial.ts';
import { choiceOf, imagesId, trialId } from './trial-id.ts';
import { judge } from './verdict.ts';

export type Context = {
  dataset: Dataset;
  /** Must hold the keys of `keysNeeded` for every trial that is run. */
  keys: KeySource;
  protocol: Protocol;
  /** Hears of every engine run: a sign of life during a long part. */
  ran?: () => void;
};

/** Positions [start, end) of a trial's image list. */
export type Range = { start: number; end: number };

function withPolicy(engine: Engine, tta: Tta, id: string, { dataset, keys }: Context): Engine {
  const policy = (policies as Record<string, (parameters: never) => Policy>)[tta.policy](tta as never);
  return policy(engine, { train: dataset.train, key: (role) => keys('tta', id, role) });
}

function partOf(id: string, start: number, { labels }: Inputs, outcome: Outcome): Omit<Part, 'seconds' | 'engine' | 'device'> {
  const count = labels.length;
  const correctBits = new Uint8Array(Math.ceil(count / 8));
  const confusion = new Array<number>(100).fill(0);
  for (let i = 0; i < count; i++) {
    if (outcome.right[i]) correctBits[i >> 3] |= 1 << (i & 7);
    confusion[labels[i] * 10 + outcome.predictions[i]]++;
  }
  return { trialId: id, start, end: start + count, correctBits, predictions: outcome.predictions, confusion, diagnostics: outcome.diagnostics };
}

/**
 * Measures one trial on a range that starts and ends on part boundaries (or at the trial's end), part by part; running it
 * twice gives the same parts. Throws an Error for an attack on an engine without a gradient, and RangeError for a range
 * that cuts a part.
 */
export async function* evaluateTrial(engine: Engine, trial: Trial, range: Range, context: Context): AsyncGenerator<Part> {
  const choice = choiceOf(context.protocol, trial);
  const pool = poolOf(context.dataset, choice.split);
  const order = imageOrder(pool, choice, context.keys);
  const size = partSize(trial);
  const onBoundary = (position: number) => position % size === 0 || position === order.length;
  if (!onBoundary(range.start) || !onBoundary(range.end) || range.end > order.length) {
    throw new RangeError(`Images ${range.start} to ${range.end} of ${trialId(trial)} cut a part: parts have ${size} of ${order.length} images.`);
  }
  const id = trialId(trial);
  const batched = inBatches(engine, context.ran);
  const model = trial.tta ? withPolicy(batched, trial.tta, id, context) : batched;
  for (let start = range.start; start < range.end; start += size) {
    const began = performance.now();
    const inputs = inputsOf(trial, order.subarray(start, Math.min(start + size, range.end)), pool, context.keys);
    const outcome = trial.kind === 'attack'
      ? await attackAndJudge(model, trial, inputs, () => context.keys('attack-start', imagesId(trial), 'attack'))
      : await judge(model, inputs);
    const { engine: name, device } = engine.info;
    yield { ...partOf(id, start, inputs, outcome), seconds: (performance.now() - began) / 1000, engine: name, device };
  }
}

/** Measures a whole protocol, most wanted trials first; attacks are left out when the engine has no gradient. */
export async function* evaluate(engine: Engine, protocol: Protocol, context: Omit<Context, 'protocol'>): AsyncGenerator<Part> {
  for (const { trial, images } of mostWanted(protocol)) {
    if (needsGradient(trial) && !engine.pullback) continue;
    yield* evaluateTrial(engine, trial, { start: 0, end: images }, { ...context, protocol });
  }
}
