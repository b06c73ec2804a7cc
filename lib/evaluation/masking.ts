// The masking checks M1 to M11 (spec 2.8): signs that a robust accuracy is better than the truth. A pure function of
// protocol, cells and report; what it finds stands beside the score and changes no figure.
import type { Outcome } from './cell.ts';
import { beatsOwnGradient, largerRadiusHelpsNot, moreStepsLessFound, notConverged } from './masking-attacks.ts';
import { dishonestGradient, graphOperators, probabilities, randomised, zeroGradients } from './masking-probe.ts';
import type { Report } from './report.ts';
import type { Protocol } from './trial.ts';

/** What each check asks, for pages and the command line. */
export const checks = {
  M1: 'Does an attack that only asks for answers beat the gradient attacks?',
  M2: 'Are attacks of many steps weaker than the one of a single step?',
  M3: 'Does a larger radius help the attacks, and does an unbounded one succeed?',
  M4: 'Would more steps or restarts have found more?',
  M5: 'Are there gradients that are exactly zero?',
  M6: 'Does the model give the same answer twice?',
  M7: 'Are the outputs logits, and not probabilities?',
  M8: 'Do the gradients tell how the outputs change?',
  M9: "Do examples made on the reference CNN beat the model's own gradients?",
  M10: 'Is random noise worse for the model than an attack of the same radius?',
  M11: 'Does the graph hold operators that round, choose or draw random numbers?',
} as const;
export type CheckId = keyof typeof checks;

/** What a check saw, in figures by name, and as one sentence. Accuracies are in [0, 1]. */
export type Flag = { id: CheckId; seen: Record<string, number>; sentence: string };

/** Null where the check could not be made; `flagged` says whether what was seen is a sign of masking. */
export type Finding = { flagged: boolean; seen: Record<string, number>; sentence: string } | null;
type Landed = ReadonlyMap<string, Outcome>;
export type Facts = Partial<Pick<Report, 'maskingOperators'>>;
export type Evidence = { protocol: Protocol; cells: Landed; report: Facts | undefined };

const make: Record<CheckId, (evidence: Evidence) => Finding> = {
  M1: (evidence) =>
    beatsOwnGradient(evidence, 'square', 0.002, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, Square, which only asks for answers, leaves ${other} right and the best gradient attack ${own}: the gradients hide the way.`),
  M2: moreStepsLessFound,
  M3: largerRadiusHelpsNot,
  M4: notConverged,
  M5: zeroGradients,
  M6: randomised,
  M7: probabilities,
  M8: dishonestGradient,
  M9: (evidence) =>
    beatsOwnGradient(evidence, 'transfer', 0, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, examples made on the reference CNN leave ${other} right and the model's own gradients ${own}: they are no help to an attacker.`),
  M10: (evidence) =>
    beatsOwnGradient(evidence, 'noise', 0, ({ epsilon, other, own }) =>
      `At radius ${epsilon}, random noise leaves ${other} right and the best gradient attack ${own}: the attacks do worse than chance.`),
  M11: graphOperators,
};

/** The checks that could be made on the cells landed so far, and those of them that saw a sign of masking. */
export function maskingOf(protocol: Protocol, cells: Landed, report?: Facts): { flags: Flag[]; checked: CheckId[] } {
  const flags: Flag[] = [];
  const checked: CheckId[] = [];
  for (const id of Object.keys(make) as CheckId[]) {
    const found = make[id]({ protocol, cells, report });
    if (!found) continue;
    checked.push(id);
    if (found.flagged) flags.push({ id, seen: found.seen, sentence: found.sentence });
  }
  return { flags, checked };
}
