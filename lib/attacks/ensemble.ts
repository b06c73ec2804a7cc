// The ensemble: AutoAttack's cascade without FAB (spec 2.5, 2.6), strongest gradient attacks first, Square last.
import type { Engine } from '../engines/engine.ts';
import { apgdCe, towards, type TargetedParameters } from './apgd.ts';
import type { Attack } from './attack.ts';
import { square } from './square.ts';

export type EnsembleParameters = TargetedParameters & { queries: number };

/**
 * Round 0 is APGD-CE, the next `targets` rounds are APGD-T, the last is Square; each is given what is still robust. A model
 * without a gradient meets Square alone.
 */
export const ensemble: Attack<EnsembleParameters> = (engine, victims, parameters) => {
  const { restart: round } = victims;
  if (!engine.pullback || round > parameters.targets) return square(engine, victims, parameters);
  return (round === 0 ? apgdCe : towards(round - 1))(engine, victims, parameters);
};

/** How many rounds that are. */
export function ensembleRounds({ targets }: Pick<EnsembleParameters, 'targets'>, engine: Engine): number {
  return engine.pullback ? targets + 2 : 1;
}
