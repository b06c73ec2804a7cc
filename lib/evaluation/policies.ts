// What the cells say of each TTA policy: accuracies under it, attacked and not, and the spread over its draws (spec 4, 2.9).
import type { Outcome } from './cell.ts';
import { grouped, isScored, paired, trialsOf, worst } from './outcomes.ts';
import type { Estimate } from './score.ts';
import { drawSpread, wilson, type DrawSpread } from './statistics.ts';
import type { AttackTrial, AttackTta, Protocol, Trial } from './trial.ts';
import { policiesOf, trialId } from './trial-id.ts';

type Mode = AttackTta['mode'];

/** Accuracy under a policy where it was attacked at one radius, by what the attack knew of the policy. */
export type PolicyRung = {
  norm: AttackTrial['norm'];
  epsilon: number;
  /** Only the modes that the protocol has; null until their cells have landed. */
  modes: Partial<Record<Mode, Estimate | null>>;
  /** The per-image AND of all modes: what a declared policy is ranked by. */
  worst: Estimate | null;
};

export type PolicyScore = {
  clean: Estimate | null;
  mixed: Estimate | null;
  attacks: PolicyRung[];
  /** How much the mixed accuracy (or the clean one) moves with the policy's own draws; absent for a deterministic policy. */
  spread?: DrawSpread;
};

type Cells = ReadonlyMap<string, Outcome>;

function single(trials: readonly Trial[], cells: Cells): Outcome | undefined {
  return trials.length > 0 ? cells.get(trialId(trials[0])) : undefined;
}

function worstCase(protocol: Protocol, trials: readonly AttackTrial[], cells: Cells): Estimate | null {
  const outcomes = paired(protocol, trials, cells);
  if (!outcomes) return null;
  const together = worst(outcomes);
  return wilson(together.reduce((sum, right) => sum + right, 0), together.length);
}

function policyScore(protocol: Protocol, cells: Cells, label: string): PolicyScore {
  const clean = single(trialsOf(protocol, 'clean', label), cells);
  const mixed = single(trialsOf(protocol, 'mixed', label), cells);
  const draws = [mixed, clean].find((cell) => cell?.diagnostics.correctByDraw);
  const attacks = trialsOf(protocol, 'attack', label).filter(isScored);
  return {
    clean: clean ? wilson(clean.correct, clean.total) : null,
    mixed: mixed ? wilson(mixed.correct, mixed.total) : null,
    attacks: [...grouped(attacks, ({ norm, epsilon }) => `${norm} ${epsilon}`).values()].map((rung) => ({
      norm: rung[0].norm,
      epsilon: rung[0].epsilon,
      modes: Object.fromEntries(
        [...grouped(rung, ({ tta }) => tta!.mode)].map(([mode, trials]) => [mode, worstCase(protocol, trials, cells)]),
      ),
      worst: worstCase(protocol, rung, cells),
    })),
    ...(draws && { spread: drawSpread(draws.diagnostics.correctByDraw!, draws.total) }),
  };
}

/** Every policy of the protocol by its label, with what has landed. */
export function policyScores(protocol: Protocol, cells: Cells): Record<string, PolicyScore> {
  return Object.fromEntries(policiesOf(protocol).map((label) => [label, policyScore(protocol, cells, label)]));
}
