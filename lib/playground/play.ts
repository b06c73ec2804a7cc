// One picture through perturbation, policy and attack, by the code and the streams of an evaluation, with everything on the way kept.
import type { Engine, Rows } from '../engines/engine.ts';
import { inBatches } from '../evaluation/batches.ts';
import { type Inputs, inputsOf } from '../evaluation/inputs.ts';
import { attackAndJudge } from '../evaluation/robustness.ts';
import { sidesOf, withPolicy } from '../evaluation/sides.ts';
import type { AttackTrial, Trial } from '../evaluation/trial.ts';
import { imagesId, trialId } from '../evaluation/trial-id.ts';
import type { Pool } from '../datasets/pool.ts';
import { joined } from '../bytes.ts';
import { keysFromSeed, seedHexOf } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import type { TtaContext } from '../tta/policy.ts';
import { playgroundPool } from './images.ts';
import { attackTrial, naturalTrial, type Picture, type Setting } from './setting.ts';
import { pauses, watched } from './watched.ts';

/** Public: what is seen here is made of no phase's secret. */
export const playgroundSeed = seedHexOf('gauntlet-playground');
const keys = keysFromSeed(playgroundSeed);

/** Moments of an attack that are kept for looking at. */
const mostFrames = 48;

/** A picture [784] in [0,1] and the logits [10] for it. */
export type Look = { x: Float32Array; logits: Float32Array };
export type Frame = Look & { round: number; step: number };

export type Attacked = {
  /** What the attack ended with. */
  found: Look;
  /** Iterates or queries in their order, thinned; the logits are the judge's. */
  frames: Frame[];
  /** Of how many the frames are. */
  looks: number;
  rounds: number;
  /** Whether the model got it wrong before: then an evaluation attacks nothing, and there are no frames. */
  wrongBefore: boolean;
  fooled: boolean;
  /** Whether the gradient was all zero at the start. */
  flat: boolean;
};

export type Played = {
  label: number;
  /** The picture itself, without policy. */
  original: Look;
  /** Perturbed, under the policy where there is one. */
  perturbed: Look;
  attacked: Attacked | null;
  /** What the policy averages of the last picture, and the mean (as logits). */
  copies: { each: Look[]; bare: Float32Array; mean: Float32Array } | null;
  /** What all of it took. */
  milliseconds: number;
};

/** The reference CNN, for the attack that climbs it. */
export type Reference = () => Promise<Engine>;

/**
 * Throws RangeError for a picture, kind or severity that there is not, an Error for an attack without the gradient it needs, and
 * Superseded once `isStale`.
 */
export async function play(engine: Engine, setting: Setting, reference: Reference, isStale: () => boolean = () => false): Promise<Played> {
  const began = performance.now();
  const { pool, position } = poolWith(setting.picture);
  const pause = pauses(isStale);
  const bare = inBatches(watched(engine, () => {}, pause));
  const trial = naturalTrial(setting);
  const [original, perturbed] = [{ kind: 'clean' } as const, trial].map((each) => inputsOf(each, Uint32Array.of(position), pool, keys));
  const under = (inputs: Inputs, of: Trial) => answer(engine, inputs, of, pool, pause);
  const first = await under(perturbed, trial);
  const attacked = setting.attack ? await attack(engine, perturbed, setting, pool, pause, reference) : null;
  const last = attacked ? await under({ ...perturbed, x: rowOf(attacked.x) }, attacked.trial) : first;
  return {
    label: perturbed.labels[0],
    original: { x: original.x.data, logits: (await bare.logits(rowsOf(original))).data },
    perturbed: { x: perturbed.x.data, logits: first.logits },
    attacked: attacked && { ...attacked.outcome, found: { x: attacked.x, logits: last.logits } },
    copies: last.copies && { each: last.copies, bare: (await bare.logits(rowsOf(last.inputs))).data, mean: last.logits },
    milliseconds: performance.now() - began,
  };
}

/** A picture of one's own comes behind the training images: it has an index, and its partners are theirs. */
function poolWith(picture: Picture): { pool: Pool; position: number } {
  const pool = playgroundPool();
  if ('levels' in picture) {
    const images = joined([pool.images, picture.levels]);
    return { pool: { ...pool, count: pool.count + 1, images, labels: joined([pool.labels, Uint8Array.of(picture.label)]) }, position: pool.count };
  }
  if (!(picture.index >= 0 && picture.index < pool.count)) throw new RangeError(`There is no image ${picture.index} here.`);
  return { pool, position: picture.index };
}

const rowOf = (data: Float32Array): Tensor => ({ data, shape: [1, data.length] });
const rowsOf = ({ x, image }: Inputs): Rows => ({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } });

function contextOf(trial: Trial, train: Pool): TtaContext {
  const id = trialId(trial);
  return { train, key: (role) => keys('tta', id, role) };
}

/** What the model says of a picture under a trial's policy, as draw set 0 of an evaluation has it. */
async function answer(engine: Engine, inputs: Inputs, trial: Trial, pool: Pool, pause: () => Promise<void>) {
  const { tta } = trial;
  let seen: { rows: Rows; logits: Tensor } | undefined;
  const bare = inBatches(watched(engine, () => {}, pause));
  if (!tta) return { inputs, logits: (await bare.logits(rowsOf(inputs))).data, copies: null };
  // A policy may look at the picture first; what it asks last are the copies that it averages.
  const open = watched(bare, (rows, logits) => (seen = { rows, logits }), pause);
  const { data } = await withPolicy(open, tta, contextOf(trial, pool)).logits(rowsOf(inputs));
  const pixels = inputs.x.shape[1];
  const copies = Array.from({ length: seen!.rows.x.shape[0] }, (_, j): Look => ({
    x: seen!.rows.x.data.slice(j * pixels, (j + 1) * pixels), logits: seen!.logits.data.slice(10 * j, 10 * j + 10),
  }));
  return { inputs, logits: data, copies };
}

async function attack(engine: Engine, inputs: Inputs, setting: Setting, pool: Pool, pause: () => Promise<void>, reference: Reference) {
  const trial: AttackTrial = attackTrial(setting.attack!, setting.tta, setting.mode);
  const frames: Frame[] = [];
  const saw = (rows: Rows, logits: Tensor) =>
    frames.push({ round: rows.draw.restart, step: rows.draw.step, x: rows.x.data.slice(), logits: logits.data.slice() });
  const bare = inBatches(watched(engine, () => {}, pause));
  const sides = sidesOf(bare, trial, contextOf(trial, pool));
  let x = inputs.x.data;
  const judge = (asked: Inputs) => {
    x = asked.x.data;
    return sides.judge(asked);
  };
  const id = imagesId(trial);
  const { verdicts, flat, fooledIn, rounds } = await attackAndJudge({ attacked: watched(sides.attacked, saw, pause), judge }, trial, inputs, {
    startKey: () => keys('attack-start', id, 'attack'),
    squareKey: () => keys('square', id, 'attack'),
    reference: async () => watched(await reference(), saw, pause),
  });
  const kept = thinned(frames);
  // What was climbed is not always what judges: then the way is told in the judge's words.
  if (trial.tta || trial.attack === 'transfer') await judgedAnew(kept, trial.tta ? withPolicy(bare, trial.tta, contextOf(trial, pool)) : bare, inputs);
  const outcome = {
    frames: kept, looks: frames.length, rounds, wrongBefore: fooledIn[0] < 0 && !verdicts[0].right, fooled: fooledIn[0] >= 0, flat: flat[0] === 1,
  };
  return { trial, x, outcome };
}

/** Gives the frames of one picture the logits of `judge`. */
async function judgedAnew(frames: readonly Frame[], judge: Engine, { image }: Inputs): Promise<void> {
  if (frames.length === 0) return;
  const x = { data: new Float32Array(frames.length * frames[0].x.length), shape: [frames.length, frames[0].x.length] };
  frames.forEach((frame, i) => x.data.set(frame.x, i * frame.x.length));
  const { data } = await judge.logits({ x, image: new Uint32Array(frames.length).fill(image[0]), draw: { role: 'evaluate', restart: 0, step: 0 } });
  frames.forEach((frame, i) => (frame.logits = data.slice(10 * i, 10 * i + 10)));
}

/** At most so many of them, evenly, with the first and the last. */
function thinned(frames: readonly Frame[]): Frame[] {
  if (frames.length <= mostFrames) return [...frames];
  return Array.from({ length: mostFrames }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (mostFrames - 1))]);
}
