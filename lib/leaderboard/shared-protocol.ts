// What several evaluations have in common when they were not measured by one and the same protocol. Pure.
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';

/**
 * The trials that all protocols measure, as the first has them; a headline evaluation has few of them. Trials whose images are
 * left to the protocol meet on the smaller of the choices, since drawn choices are prefixes of one order. Null where splits or
 * ways of choosing differ, so that no image is known to be the same.
 */
export function sharedProtocol(protocols: readonly Protocol[]): Protocol | null {
  const [first] = protocols;
  const choices = protocols.map(({ images }) => images);
  if (new Set(choices.map((choice) => `${choice.split} ${'first' in choice}`)).size > 1) return null;
  const fewest = choices.reduce((least, choice) => (sizeOf(choice) < sizeOf(least) ? choice : least));
  const measured = protocols.map(({ trials }) => new Set(trials.map(nameOf)));
  return { ...first, images: fewest, trials: first.trials.filter((trial) => measured.every((names) => names.has(nameOf(trial)))) };
}

const sizeOf = (choice: Protocol['images']) => ('first' in choice ? choice.first : choice.size);

/** Counted or only shown is a difference, too: a column is made of what counts. */
const nameOf = (trial: Trial) => `${trialId(trial)} ${trial.scored !== false}`;
