// Measures an engine: trials in, parts out as they are ready. Knows no database, no site and no file.
import type { Sources } from '../attacks/attack.ts';
import { poolOf, type Dataset } from '../datasets/pool.ts';
import type { Engine } from '../engines/engine.ts';
import type { KeySource } from '../random.ts';
import { inBatches } from './batches.ts';
import type { Diagnostics, Part } from './cell.ts';
import { type Example, examplesOf, openImages } from './examples.ts';
import { imageOrder } from './images.ts';
import { type Inputs, inputsOf } from './inputs.ts';
import { partSize } from './parts.ts';
import { attackAndJudge, attackDiagnostics } from './robustness.ts';
import { probe } from './probe.ts';
import { mostWanted } from './shards.ts';
import { sidesOf } from './sides.ts';
import { type AttackTrial, needsGradient, type Protocol, type Trial } from './trial.ts';
import { choiceOf, imagesId, trialId } from './trial-id.ts';
import type { Verdict } from './verdict.ts';

export type Context = {
  dataset: Dataset;
  /** Must hold the keys of `keysNeeded` for every trial that is run. */
  keys: KeySource;
  protocol: Protocol;
  /** Hears of every engine run: a sign of life during a long part. */
  ran?: () => void;
  /** Opens the reference CNN, or gives the one opened before. Asked for by the attack `transfer` alone. */
  reference?: () => Promise<Engine>;
};

/** Positions [start, end) of a trial's image list. */
export type Range = { start: number; end: number };

/** Images that are attacked together, whole parts: those not fooled yet share full batches, and their pixels fit in memory many times. */
const attackedAtOnce = 1024;

type Unsigned = Omit<Part, 'seconds' | 'engine' | 'device'>;

function partOf(trialId: string, start: number, labels: Uint8Array, verdicts: readonly Verdict[], found: Diagnostics): Unsigned {
  const count = labels.length;
  const correctBits = new Uint8Array(Math.ceil(count / 8));
  const confusion = new Array<number>(100).fill(0);
  verdicts.forEach(({ right, prediction }, i) => {
    if (right) correctBits[i >> 3] |= 1 << (i & 7);
    confusion[labels[i] * 10 + prediction]++;
  });
  const counted = (holds: (verdict: Verdict) => boolean) => verdicts.filter(holds).length;
  const diagnostics: Diagnostics = {
    nearTies: counted(({ nearTie }) => nearTie), notFinite: counted(({ notFinite }) => notFinite), ...found,
  };
  const draws = verdicts[0].rightByDraw.length;
  if (draws > 1) diagnostics.correctByDraw = Array.from({ length: draws }, (_, draw) => counted(({ rightByDraw }) => rightByDraw[draw]));
  const predictions = Uint8Array.from(verdicts, ({ prediction }) => prediction);
  return { trialId, start, end: start + count, correctBits, predictions, confusion, diagnostics };
}

function sourcesOf(trial: AttackTrial, { keys, ran, reference }: Context): Sources {
  return {
    startKey: () => keys('attack-start', imagesId(trial), 'attack'),
    squareKey: () => keys('square', imagesId(trial), 'attack'),
    async reference() {
      if (!reference) throw new Error(`The attack ${trial.attack} needs the reference CNN, and none is at hand here.`);
      return inBatches(await reference(), ran);
    },
  };
}

/**
 * Measures one trial on a range that starts and ends on part boundaries (or at the trial's end), part by part, but for an
 * attack, whose parts come together; running it twice gives the same parts. Throws an Error for an attack on an engine
 * without a gradient, and RangeError for a range that cuts a part.
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
  const sides = sidesOf(batched, trial, {
    // Asked for by few policies, and large.
    get train() {
      return context.dataset.train;
    },
    key: (role) => context.keys('tta', id, role),
  });
  /** The counts beside the verdicts are those of the rows [from, to). */
  type Found = { verdicts: Verdict[]; diagnostics: (from: number, to: number) => Diagnostics; examples?: Example[] };
  const outcomeOf = async (inputs: Inputs, watched: number): Promise<Found> => {
    if (trial.kind === 'attack') {
      const outcome = await attackAndJudge(sides, trial, inputs, sourcesOf(trial, context), watched);
      const { verdicts, adversarial } = outcome;
      const examples = watched > 0 ? examplesOf(inputs, verdicts, adversarial) : undefined;
      return { verdicts, diagnostics: (from, to) => attackDiagnostics(outcome, from, to), examples };
    }
    const { verdicts, diagnostics } = trial.kind === 'probe' ? await probe(batched, inputs) : { verdicts: await sides.judge(inputs), diagnostics: {} };
    return { verdicts, diagnostics: () => diagnostics };
  };
  const { engine: name, device } = engine.info;
  const atOnce = trial.kind === 'attack' ? Math.max(1, Math.floor(attackedAtOnce / size)) * size : size;
  for (let start = range.start; start < range.end; start += atOnce) {
    const end = Math.min(start + atOnce, range.end);
    const began = performance.now();
    const inputs = inputsOf(trial, order.subarray(start, end), pool, context.keys);
    const { verdicts, diagnostics, examples } = await outcomeOf(inputs, start === 0 ? openImages : 0);
    const secondsEach = (performance.now() - began) / 1000 / (end - start);
    for (let at = start; at < end; at += size) {
      const [from, to] = [at - start, Math.min(at + size, end) - start];
      const part = partOf(id, at, inputs.labels.subarray(from, to), verdicts.slice(from, to), diagnostics(from, to));
      yield { ...part, seconds: secondsEach * (to - from), engine: name, device, ...(at === 0 && examples && { examples }) };
    }
  }
}

/** Measures a whole protocol, most wanted trials first; attacks are left out when the engine has no gradient. */
export async function* evaluate(engine: Engine, protocol: Protocol, context: Omit<Context, 'protocol'>): AsyncGenerator<Part> {
  for (const { trial, images } of mostWanted(protocol)) {
    if (needsGradient(trial) && !engine.pullback) continue;
    yield* evaluateTrial(engine, trial, { start: 0, end: images }, { ...context, protocol });
  }
}
