// What a set of cells is worth: a pure function of the cells, and the type the database and the pages hold.
import { familyOf, type Family } from './families.ts';
import {
  groupOutcomes, grouped, imageOutcomes, isScored, paired, rungsOf, trialsOf, worst, type Counting, type Metric,
} from './outcomes.ts';
import { maskingOf, type CheckId, type Flag } from './masking.ts';
import { policyScores, type PolicyScore } from './policies.ts';
import type { Report } from './report.ts';
import { meanInterval, wilson } from './statistics.ts';
import type { Outcome } from './cell.ts';
import { needsGradient, type AttackTrial, type Protocol, type Trial } from './trial.ts';
import { trialId, ttaLabel } from './trial-id.ts';

export { metrics, type Metric } from './outcomes.ts';

/** A figure in [0, 1] with its 95 % interval and the number of base images behind it. */
export type Estimate = { value: number; low: number; high: number; images: number };

/** One step of an epsilon ladder: accuracy of the bare model under the worst case per image over the attacks there. */
export type Rung = { norm: AttackTrial['norm']; epsilon: number; worst: Estimate };

/** Accuracy of the bare model on one perturbation. */
export type PerturbationScore = {
  perturbation: string;
  family: Family | null;
  /** Whether it counts in the means; else it is only shown. */
  scored: boolean;
  /** The severities that have landed, in the protocol's order. */
  severities: { severity: number; accuracy: number; images: number }[];
  /** Mean over its severities, once all have landed. */
  mean: Estimate | null;
};

export const scoreVersion = 2;

/** Columns of a board, then what stands behind them; null until the cells behind a column have all landed. */
export type Score = {
  version: typeof scoreVersion;
  clean: Estimate | null;
  /** The course's own measure and the default primary metric. */
  mixed: Estimate | null;
  /** Mean accuracy over the scored (perturbation, severity) cells. */
  meanPerturbation: Estimate | null;
  /** Mean over the L-infinity ladder of the per-image worst case over the scored attacks at each epsilon. */
  robust: Estimate | null;
  /** The TTA policy under which the columns above are measured; absent for the bare model. */
  declared?: string;
  /** The same columns of the bare model; absent without a declared policy. */
  bare?: Record<Metric, Estimate | null>;
  /** Columns this model is not ranked by, with the reason as a sentence. */
  notRanked?: Partial<Record<Metric, string>>;
  /** What robust is the mean of, step by step; the steps whose attacks have all landed, in the protocol's order. */
  ladder: Rung[];
  /** The L2 ladder and its mean stand beside: radii of two norms have no common mean. */
  ladderL2: Rung[];
  robustL2: Estimate | null;
  /** Why the gradient attacks were not run and what that makes of robust; absent for a model with a gradient. */
  notAttacked?: string;
  /** Mean accuracy over the scored cells of each family of perturbations. */
  families: Partial<Record<Family, Estimate>>;
  /** Every perturbation of the protocol, also those that are only shown. */
  perturbations: PerturbationScore[];
  /** Lowest mean accuracy over severities of one scored perturbation. */
  worstPerturbation: ({ perturbation: string } & Estimate) | null;
  /** Mixed accuracy under each TTA policy minus without, by the policy's label. */
  ttaGain: Record<string, Estimate>;
  /** Every TTA policy of the protocol, by its label. */
  policies: Record<string, PolicyScore>;
  /** What the masking checks saw (spec 2.8). */
  flags: Flag[];
  /** The checks whose cells have landed, flagged or not. */
  checked: CheckId[];
};

/** What of a submission its score depends on, beside the cells. */
export type Subject = {
  report?: Pick<Report, 'operatorsWithoutGradient'> & Partial<Pick<Report, 'maskingOperators'>>;
  /** Label of the declared TTA policy; null or absent for the bare model. */
  declaredTta?: string | null;
};

/** How a submission's cells are counted. A label that the protocol does not measure counts as none. */
export function countingOf(protocol: Protocol, { report, declaredTta }: Subject): Counting {
  const measured = protocol.trials.some(({ tta }) => tta && ttaLabel(tta) === declaredTta);
  return { gradient: !report || report.operatorsWithoutGradient.length === 0, declared: measured ? declaredTta! : null };
}

/** Wilson's interval where every value is right or wrong, else the spread of the per-image means (spec 6.1, 6.2). */
export function estimateOf(outcomes: Float64Array): Estimate {
  const binary = outcomes.every((value) => value === 0 || value === 1);
  return binary ? wilson(outcomes.reduce((sum, right) => sum + right, 0), outcomes.length) : meanInterval(outcomes, [0, 1]);
}

type Landed = ReadonlyMap<string, Outcome>;

function columns(protocol: Protocol, cells: Landed, counting: Counting): Record<Metric, Estimate | null> {
  const column = (metric: Metric) => {
    const outcomes = imageOutcomes(protocol, cells, metric, counting);
    return outcomes && estimateOf(outcomes);
  };
  return { clean: column('clean'), mixed: column('mixed'), meanPerturbation: column('meanPerturbation'), robust: column('robust') };
}

function ladderOf(rungs: readonly AttackTrial[][], protocol: Protocol, cells: Landed): Rung[] {
  return rungs.flatMap((trials) => {
    const outcomes = paired(protocol, trials, cells);
    const { norm, epsilon } = trials[0];
    return outcomes ? [{ norm, epsilon, worst: estimateOf(worst(outcomes)) }] : [];
  });
}

function meanOver(protocol: Protocol, trials: readonly Trial[], cells: Landed): Estimate | null {
  const outcomes = groupOutcomes(protocol, trials.map((trial) => [trial]), cells);
  return outcomes && estimateOf(outcomes);
}

function perturbationsOf(protocol: Protocol, cells: Landed): PerturbationScore[] {
  const kinds = grouped(trialsOf(protocol, 'perturbation'), (trial) => `${trial.perturbation} ${isScored(trial)}`);
  return [...kinds.values()].map((trials) => ({
    perturbation: trials[0].perturbation,
    family: familyOf(trials[0].perturbation),
    scored: isScored(trials[0]),
    severities: trials.flatMap((trial) => {
      const cell = cells.get(trialId(trial));
      return cell ? [{ severity: trial.severity, accuracy: cell.correct / cell.total, images: cell.total }] : [];
    }),
    mean: meanOver(protocol, trials, cells),
  }));
}

function familiesOf(protocol: Protocol, cells: Landed): Score['families'] {
  const scored = trialsOf(protocol, 'perturbation').filter(isScored);
  const found: Score['families'] = {};
  for (const [family, trials] of grouped(scored, (trial) => familyOf(trial.perturbation))) {
    const estimate = meanOver(protocol, trials, cells);
    if (family && estimate) found[family] = estimate;
  }
  return found;
}

function worstOf(kinds: readonly PerturbationScore[]): Score['worstPerturbation'] {
  const scored = kinds.filter((kind) => kind.scored);
  const means = scored.flatMap(({ perturbation, mean }) => (mean ? [{ perturbation, ...mean }] : []));
  if (means.length === 0 || means.length < scored.length) return null;
  return means.reduce((least, each) => (each.value < least.value ? each : least));
}

/** Mixed accuracy with each policy minus without, on the images they share. */
function gains(protocol: Protocol, cells: Landed): Score['ttaGain'] {
  const [without] = trialsOf(protocol, 'mixed').filter(isScored);
  const found: Score['ttaGain'] = {};
  for (const trial of protocol.trials) {
    if (trial.kind !== 'mixed' || !trial.tta || !without) continue;
    const both = paired(protocol, [trial, without], cells);
    if (both) found[ttaLabel(trial.tta)] = meanInterval(both[0].map((right, i) => right - both[1][i]), [-1, 1]);
  }
  return found;
}

/** Why no gradient attack was run, and what that makes of the robust column. */
function whyNotAttacked(protocol: Protocol, report: Subject['report']): string | undefined {
  const without = report?.operatorsWithoutGradient ?? [];
  if (without.length === 0 || !protocol.trials.some(needsGradient)) return undefined;
  const left = rungsOf(protocol, 'linf', { gradient: false, declared: null }).flat();
  const names = [...new Set(left.map(({ attack }) => (attack === 'ensemble' ? 'square' : attack)))].join(', ');
  const rest = names
    ? `The robust accuracy is from attacks that need none (${names}) alone: gradient attacks would find more.`
    : 'There is no robust accuracy.';
  return `No gradient is known for ${without.join(', ')}, so gradient attacks were not run. ${rest}`;
}

function notRankedOf(notAttacked: string | undefined, flags: readonly Flag[]): Score['notRanked'] {
  const random = flags.some(({ id }) => id === 'M6');
  const why = random ? 'The model draws random numbers itself, so its robust accuracy is not ranked.' : notAttacked;
  return why === undefined ? undefined : { robust: why };
}

/**
 * A stored score as it is written now. One of an earlier shape keeps its columns and is empty where it knew nothing; the
 * next ranking computes it anew (lib/leaderboard/rescore.ts).
 */
export function currentScore(stored: Score | null): Score | null {
  if (!stored || stored.version === scoreVersion) return stored;
  const empty = score({ name: 'empty', images: { split: 'test', size: 1 }, trials: [] }, new Map());
  return { ...empty, ...stored, version: scoreVersion, worstPerturbation: null };
}

/** The score of the cells landed so far, by trial id. */
export function score(protocol: Protocol, cells: Landed, subject: Subject = {}): Score {
  const counting = countingOf(protocol, subject);
  const plain = { ...counting, declared: null };
  const notAttacked = whyNotAttacked(protocol, subject.report);
  const { flags, checked } = maskingOf(protocol, cells, subject.report);
  const notRanked = notRankedOf(notAttacked, flags);
  const kinds = perturbationsOf(protocol, cells);
  const l2 = rungsOf(protocol, 'l2', plain);
  const robustL2 = groupOutcomes(protocol, l2, cells);
  return {
    version: scoreVersion,
    ...columns(protocol, cells, counting),
    ...(counting.declared !== null && { declared: counting.declared, bare: columns(protocol, cells, plain) }),
    ...(notRanked && { notRanked }),
    ladder: ladderOf(rungsOf(protocol, 'linf', plain), protocol, cells),
    ladderL2: ladderOf(l2, protocol, cells),
    robustL2: robustL2 && estimateOf(robustL2),
    ...(notAttacked !== undefined && { notAttacked }),
    families: familiesOf(protocol, cells),
    perturbations: kinds,
    worstPerturbation: worstOf(kinds),
    ttaGain: gains(protocol, cells),
    policies: policyScores(protocol, cells),
    flags,
    checked,
  };
}
