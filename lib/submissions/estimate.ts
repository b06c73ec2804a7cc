// What evaluating a model will take, said before it is submitted: computing time, and how many machines share it.
import { capacityOf } from '../challenges/capacity.ts';
import { estimateCost } from '../evaluation/cost.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { headlineOf } from './headline.ts';

/** Seconds are of one core of the kind that lib/evaluation/shards.ts was measured on. */
export type Estimate = {
  /** Until clean and mixed are known; null where that is all that is measured. */
  headlineSeconds: number | null;
  seconds: number;
  trials: number;
  /** Of the protocol that the model has no gradient for. */
  leftOut: number;
  images: number;
  /** Shards that the living workers run at once. */
  slots: number;
  /** Of all work that waits or runs now. */
  queuedSeconds: number;
};

/** For a challenge that the caller may read. `declaredTta` is not known yet, so the headline is that of the bare model. */
export async function estimateOf(
  challenge: { id: string; protocol: Protocol }, { flopsPerImage, operatorsWithoutGradient }: Pick<Report, 'flopsPerImage' | 'operatorsWithoutGradient'>,
): Promise<Estimate> {
  const model = { flopsPerImage, gradient: operatorsWithoutGradient.length === 0 };
  const { seconds, trials, images } = estimateCost(challenge.protocol, model);
  const headline = headlineOf(challenge.protocol, null);
  const { slots, queuedSeconds } = await capacityOf(challenge);
  return {
    headlineSeconds: headline && estimateCost(headline, model).seconds,
    seconds, trials, images, slots, queuedSeconds,
    leftOut: challenge.protocol.trials.length - trials,
  };
}
