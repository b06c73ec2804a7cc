// Runs one attack trial on some images, and polices it: an attack never judges itself (spec 2.5).
import type { Attack, Budget, Sources, Victims } from '../attacks/attack.ts';
import { attacks } from '../attacks/index.ts';
import { roundsOf } from '../attacks/rounds.ts';
import type { Engine } from '../engines/engine.ts';
import { rowsOf, type Tensor } from '../tensor.ts';
import type { Diagnostics } from './cell.ts';
import { type Inputs, pick } from './inputs.ts';
import type { AttackTrial } from './trial.ts';
import type { Verdict } from './verdict.ts';

const tolerance = 1e-6;

/** Throws an Error when an example is outside the ball around its image, outside [0, 1], or not finite. */
export function police(attack: string, { norm, epsilon }: Budget, original: Tensor, adversarial: Tensor): void {
  if (adversarial.data.length !== original.data.length) {
    throw new Error(`The attack ${attack} gave ${adversarial.data.length} pixels for ${original.data.length}.`);
  }
  const width = original.shape[1];
  let squares = 0;
  adversarial.data.forEach((value, i) => {
    const distance = Math.abs(value - original.data[i]);
    squares = (i % width === 0 ? 0 : squares) + distance * distance;
    // Written so that NaN fails too.
    if (!(value >= 0 && value <= 1 && (norm === 'linf' ? distance : Math.sqrt(squares)) <= epsilon + tolerance)) {
      throw new Error(`The attack ${attack} left its budget: pixel ${i % width} went from ${original.data[i]} to ${value} at ${norm} epsilon ${epsilon}.`);
    }
  });
}

/** Who is attacked and who judges: the same engine, but for a policy of which the attack knows less or more (sides.ts). */
export type Sides = { attacked: Engine; judge: (inputs: Inputs) => Promise<Verdict[]> };

export type Outcome = {
  verdicts: Verdict[];
  /** [N] 1 where the gradient was all zero when the first round began. */
  flat: Uint8Array;
  /** [N] the round that fooled the model, -1 where none did or none was needed. */
  fooledIn: Int16Array;
  rounds: number;
  /** By row, for the first rows that were attacked: the example [784] its verdict was given on. */
  adversarial: ReadonlyMap<number, Float32Array>;
};

/** The counts of the images [from, to) of an attack's outcome. */
export function attackDiagnostics({ flat, fooledIn, rounds }: Outcome, from: number, to: number): Required<Pick<Diagnostics, 'zeroGradients' | 'fooledByRound'>> {
  const fooledByRound = new Array<number>(rounds).fill(0);
  for (const round of fooledIn.subarray(from, to)) if (round >= 0) fooledByRound[round]++;
  return { zeroGradients: flat.subarray(from, to).reduce((sum, flag) => sum + flag, 0), fooledByRound };
}

/**
 * Attacks every image that the judge's clean pass gets right; an image is robust when it was right and every round's
 * example, judged by a fresh forward pass, still is. An image once fooled needs no further round: its verdict stands.
 * Examples of the rows before `watched` are handed out.
 */
export async function attackAndJudge(
  { attacked, judge }: Sides, trial: AttackTrial, inputs: Inputs, sources: Sources, watched = 0,
): Promise<Outcome> {
  const verdicts = await judge(inputs);
  // An image that was never attacked is robust to nothing, whatever some of the judge's draws say of it.
  for (const { right, rightByDraw } of verdicts) if (!right) rightByDraw.fill(false);
  const rounds = roundsOf(trial, attacked);
  const flat = new Uint8Array(verdicts.length);
  const fooledIn = new Int16Array(verdicts.length).fill(-1);
  const adversarial = new Map<number, Float32Array>();
  const attack = (attacks as Record<string, Attack<never>>)[trial.attack] as Attack<Budget>;
  for (let restart = 0; restart < rounds; restart++) {
    const rows = [...verdicts.keys()].filter((row) => verdicts[row].right);
    if (rows.length === 0) break;
    const victims: Victims = { ...sources, ...pick(inputs, rows), restart };
    const found = await attack(attacked, victims, trial as Budget);
    police(trial.attack, trial, victims.x, found.x);
    const after = await judge({ ...victims, x: found.x });
    rows.forEach((row, i) => {
      verdicts[row] = after[i];
      if (!after[i].right) fooledIn[row] = restart;
      if (restart === 0) flat[row] = found.flat[i];
      if (row < watched) adversarial.set(row, rowsOf(found.x, i, i + 1).data.slice());
    });
  }
  return { verdicts, flat, fooledIn, rounds, adversarial };
}
