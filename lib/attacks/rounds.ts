// How many rounds a trial's attack takes: each is one search, of which only those still robust need the next.
import type { Engine } from '../engines/engine.ts';
import { ensembleRounds } from './ensemble.ts';

/** What of an attack's parameters makes rounds. */
export type Rounds = { attack: string; restarts?: number; targets?: number };

/** Restarts, times the targets of APGD-T; the stages of the ensemble. */
export function roundsOf({ attack, restarts = 1, targets = 1 }: Rounds, engine: Engine): number {
  return attack === 'ensemble' ? ensembleRounds({ targets }, engine) : restarts * targets;
}
