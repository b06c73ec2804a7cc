// How APGD halves its step size (spec 2.6): at fixed checkpoints, per image, when the loss no longer climbs as it should.

/** One image's way so far. */
export type Progress = {
  stepSize: number;
  /** Highest loss, now and at the last checkpoint. */
  best: number;
  bestAtCheck: number;
  /** Whether the last checkpoint halved the step size. */
  reduced: boolean;
  /** [steps] the loss after each step; before a step is taken, the value that stands for a loss of zero. */
  history: Float64Array;
};

/** Share of steps between two checkpoints that must climb. */
const climbingShare = 0.75;

/** [steps] how many steps the period has that ends with a step, 0 where none ends: after 22 of 100, then 19, 16, 13, 10, 7, 6, 6, ... */
export function periodsOf(steps: number): Uint16Array {
  const share = (part: number) => Math.max(Math.floor(part * steps), 1);
  const periods = new Uint16Array(steps);
  for (let period = share(0.22), end = period; end <= steps; end += period) {
    periods[end - 1] = period;
    period = Math.max(period - share(0.03), share(0.06));
  }
  return periods;
}

/**
 * Decides at the checkpoint after step `step`, which ends a period of `period` steps, whether to halve the step size: when too
 * few steps climbed, or when the best loss is still that of the last checkpoint, which did not halve it. True if it did; then
 * the search goes on from its best point. The step before the first is the last row of the history, as in the reference.
 */
export function halve(progress: Progress, step: number, period: number): boolean {
  const { history, best, bestAtCheck } = progress;
  const at = (index: number) => history[(index + history.length) % history.length];
  let climbed = 0;
  for (let back = 0; back < period; back++) if (at(step - back) > at(step - back - 1)) climbed++;
  const stuck = !progress.reduced && bestAtCheck >= best;
  progress.reduced = climbed <= climbingShare * period || stuck;
  progress.bestAtCheck = best;
  if (progress.reduced) progress.stepSize /= 2;
  return progress.reduced;
}
