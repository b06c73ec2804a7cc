// What a protocol costs for one model, on one core, by kind of trial: an estimate before anything runs.
import { grouped, isScored } from './outcomes.ts';
import { secondsPerImage } from './shards.ts';
import { needsGradient, type Protocol, type Trial } from './trial.ts';
import { imageCount } from './trial-id.ts';

export type KindCost = { kind: string; trials: number; images: number; seconds: number };
export type CostEstimate = {
  /** In the order in which they first stand in the protocol. */
  kinds: KindCost[];
  trials: number;
  images: number;
  /** On one core of the kind lib/evaluation/shards.ts was measured on. */
  seconds: number;
};

/** The committed reference CNN, for an estimate where no model is at hand. */
export const referenceCost = { flopsPerImage: 2_473_856, gradient: true };

/** What a row of a cost table is called, e.g. `attack pgd on sum`. */
export function costKind(trial: Trial): string {
  const shown = isScored(trial) || trial.kind === 'probe' ? '' : ', only shown';
  if (trial.kind === 'attack') return `attack ${trial.attack}${trial.tta ? ` on ${trial.tta.policy}` : ''}${shown}`;
  return `${trial.kind}${trial.tta ? ` under ${trial.tta.policy}` : ''}${shown}`;
}

/** Estimated seconds of a protocol for a model of `flopsPerImage`; without a gradient the attacks that need one are left out. */
export function estimateCost(protocol: Protocol, model: { flopsPerImage: number; gradient: boolean }): CostEstimate {
  const run = protocol.trials.filter((trial) => model.gradient || !needsGradient(trial));
  const kinds = [...grouped(run, costKind)].map(([kind, trials]) => ({
    kind,
    trials: trials.length,
    images: trials.reduce((sum, trial) => sum + imageCount(protocol, trial), 0),
    seconds: trials.reduce((sum, trial) => sum + imageCount(protocol, trial) * secondsPerImage(trial, model), 0),
  }));
  const total = (of: (kind: KindCost) => number) => kinds.reduce((sum, kind) => sum + of(kind), 0);
  return { kinds, trials: run.length, images: total(({ images }) => images), seconds: total(({ seconds }) => seconds) };
}
