// APGD (Croce & Hein 2020), as spec 2.6 writes it down: momentum, a step size that halves itself, returns to the best point.
import { likeliestWrong, lossValues, valueAtZero, type Loss } from '../losses.ts';
import { rowsOf, type Tensor } from '../tensor.ts';
import { classesOf, everyVictim, isFooled, rowsAt } from './active.ts';
import type { Attack, Budget } from './attack.ts';
import { lossGradient } from './losses.ts';
import { ballsAround, isZero } from './norms.ts';
import { rimStart } from './starts.ts';
import { halve, periodsOf, type Progress } from './step-size.ts';

export type ApgdParameters = Budget & { steps: number };

/** The class each row is to be pushed to, from the logits [N, C] of the clean images. */
type Targets = (logits: Tensor, labels: Uint8Array) => Uint8Array;

/** Share of a step that is the gradient's; the rest repeats the step before. */
const ownShare = 0.75;

/** Climbs a loss until every victim is fooled; one that is not keeps the iterate of its highest loss. */
function climbing(loss: Loss, targetsOf?: Targets): Attack<ApgdParameters> {
  return async (engine, victims, { norm, epsilon, steps }) => {
    const { labels, x: { shape } } = victims;
    const pixels = shape[1];
    const row = (data: Float32Array, victim: number) => data.subarray(victim * pixels, (victim + 1) * pixels);
    const ball = ballsAround(victims.x, { norm, epsilon });
    const z = rimStart(victims, { norm, epsilon }, ball);
    const [before, best, gradient, bestGradient] = [z.slice(), z.slice(), new Float32Array(z.length), new Float32Array(z.length)];
    const leap = new Float32Array(pixels);
    let active = everyVictim(victims);
    const progress = active.map((): Progress => ({
      stepSize: 2 * epsilon, best: -Infinity, bestAtCheck: -Infinity, reduced: true, history: new Float64Array(steps).fill(valueAtZero(loss)),
    }));
    // They are the clean image's, with the same draws in every round.
    const targets = targetsOf?.(await engine.logits(rowsAt({ ...victims, restart: 0 }, active, victims.x, 0)), labels);
    const flat = new Uint8Array(active.length);

    /** Asks for loss and gradient at the iterates: who is fooled leaves, who is higher than ever is remembered. -1 is the start. */
    async function look(step: number): Promise<void> {
      const [own, wanted] = [labels, targets].map((classes) => classes && classesOf(classes, active)) as [Uint8Array, Uint8Array | undefined];
      const { logits, dx } = await lossGradient(engine, rowsAt(victims, active, { data: z, shape }, step + 1), own, loss, wanted);
      const values = lossValues(loss, logits, own, wanted);
      active = active.filter((victim, i) => {
        const found = rowsOf(dx, i, i + 1).data;
        const fooled = isFooled(logits, i, labels[victim]);
        // Never of a loss that is not a number; the start has a gradient to go on from all the same.
        const higher = values[i] > progress[victim].best;
        if (step < 0) flat[victim] = Number(isZero(found));
        if (step >= 0) progress[victim].history[step] = values[i];
        if (higher) progress[victim].best = values[i];
        if (higher || fooled) row(best, victim).set(row(z, victim));
        if (higher || step < 0) row(bestGradient, victim).set(found);
        row(gradient, victim).set(found);
        return !fooled;
      });
    }

    function move(victim: number, share: number): void {
      const [here, last] = [row(z, victim), row(before, victim)];
      leap.set(here);
      ball.step(leap, row(gradient, victim), progress[victim].stepSize, victim);
      for (let q = 0; q < pixels; q++) {
        const now = here[q];
        here[q] = now + share * (leap[q] - now) + (1 - share) * (now - last[q]);
        last[q] = now;
      }
      ball.project(here, victim);
    }

    await look(-1);
    for (const own of progress) own.bestAtCheck = own.best;
    const periods = periodsOf(steps);
    for (let step = 0; step < steps && active.length > 0; step++) {
      for (const victim of active) move(victim, step > 0 ? ownShare : 1);
      await look(step);
      for (const victim of active) {
        if (periods[step] === 0 || !halve(progress[victim], step, periods[step])) continue;
        row(z, victim).set(row(best, victim));
        row(gradient, victim).set(row(bestGradient, victim));
      }
    }
    return { x: { data: best, shape }, flat };
  };
}

/** On the cross-entropy. */
export const apgdCe = climbing('cross-entropy');

/** On the difference of logits ratio. */
export const apgdDlr = climbing('dlr');

/** Rounds of APGD-T: a random start for each target, the likeliest wrong classes of the clean image in turn. */
export type TargetedParameters = ApgdParameters & { targets: number };

/** On the targeted difference of logits ratio: round r pushes to the wrong class of rank r, modulo `targets`. */
export const apgdT: Attack<TargetedParameters> = (engine, victims, parameters) => towards(victims.restart % parameters.targets)(engine, victims, parameters);

/** APGD-T towards the wrong class of one rank, 0 being the likeliest. */
export function towards(rank: number): Attack<ApgdParameters> {
  return climbing('dlr-targeted', ({ data, shape: [, classes] }, labels) =>
    labels.map((label, i) => likeliestWrong(data.subarray(i * classes, (i + 1) * classes), label)[rank]));
}
