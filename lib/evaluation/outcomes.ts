// Right or wrong, image by image: which cells make a column, and what the column says of each base image. Pure.
import type { Cell } from './cell.ts';
import { needsGradient, type AttackTrial, type Protocol, type Trial } from './trial.ts';
import { choiceOf, imageCount, imagesId, trialId, ttaLabel } from './trial-id.ts';

export const metrics = ['mixed', 'meanPerturbation', 'robust', 'clean'] as const;
/** A column a board can be ranked by. */
export type Metric = (typeof metrics)[number];

/** What of the landed cells a column looks at, by trial id. */
export type Cells = ReadonlyMap<string, Pick<Cell, 'correctBits' | 'total' | 'correct'>>;

/** What of a submission decides which cells make its columns. */
export type Counting = {
  /** Whether the model has an input gradient. Without one, only the attacks that need none were run, and count. */
  gradient: boolean;
  /** Label of the declared TTA policy (trial-id.ts); null for the bare model. */
  declared: string | null;
};

export const plainCounting: Counting = { gradient: true, declared: null };

/** Right (1) or wrong (0) of each image of a cell, in the trial's order. */
export function outcomesOf({ correctBits, total }: Pick<Cell, 'correctBits' | 'total'>): Float64Array {
  const outcomes = new Float64Array(total);
  for (let i = 0; i < total; i++) outcomes[i] = (correctBits[i >> 3] >> (i & 7)) & 1;
  return outcomes;
}

export function mean(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0];
  return columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);
}

/** Image by image, the worst of several outcomes. */
export function worst(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0];
  return columns[0].map((_, i) => columns.reduce((least, column) => Math.min(least, column[i]), 1));
}

/**
 * The outcomes of trials, cut to the images they share: drawn choices are prefixes of one order, and so are choices in
 * file order. Null until all have landed, where there are none, and where the choices have no common order.
 */
export function paired(protocol: Protocol, trials: readonly Trial[], cells: Cells): Float64Array[] | null {
  const orders = new Set(trials.map((trial) => `${choiceOf(protocol, trial).split} ${'first' in choiceOf(protocol, trial)}`));
  if (orders.size !== 1) return null;
  const found = trials.map((trial) => cells.get(trialId(trial)));
  if (!found.every((cell) => cell !== undefined)) return null;
  const shared = Math.min(...trials.map((trial) => imageCount(protocol, trial)));
  return found.map((cell) => outcomesOf(cell).subarray(0, shared));
}

export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The trials of a kind under a policy (null: none), in the protocol's order; those that are only shown among them. */
export function trialsOf<Kind extends Trial['kind']>(
  protocol: Protocol, kind: Kind, policy: string | null = null,
): Extract<Trial, { kind: Kind }>[] {
  return protocol.trials.filter(
    (trial): trial is Extract<Trial, { kind: Kind }> => trial.kind === kind && (trial.tta ? ttaLabel(trial.tta) : null) === policy,
  );
}

export function isScored(trial: Trial): boolean {
  return trial.scored !== false;
}

/** The attacks that count, by norm and epsilon in the protocol's order. */
function attackRungs(protocol: Protocol, gradient: boolean, policy: string | null): Map<string, AttackTrial[]> {
  const counted = trialsOf(protocol, 'attack', policy).filter((trial) => isScored(trial) && (gradient || !needsGradient(trial)));
  return grouped(counted, ({ norm, epsilon }) => `${norm} ${epsilon}`);
}

/**
 * The attacks of each step of one norm's epsilon ladder. Where the declared policy was itself attacked (an attack that
 * transfers from the bare model is none), its modes take the place of the bare model's attacks.
 */
export function rungsOf(protocol: Protocol, norm: AttackTrial['norm'], { gradient, declared }: Counting): AttackTrial[][] {
  const own = declared === null ? new Map<string, AttackTrial[]>() : attackRungs(protocol, gradient, declared);
  return [...attackRungs(protocol, gradient, null)].flatMap(([rung, bare]) => {
    if (bare[0].norm !== norm) return [];
    const attacked = own.get(rung);
    return [attacked?.some(({ tta }) => tta?.mode !== 'transfer') ? attacked : bare];
  });
}

/**
 * The trials a column is made of: the mean over the groups of the worst case per image within a group. A trial has its
 * counterpart under the declared policy in its place wherever the protocol measures that. Empty where nothing counts.
 */
export function columnTrials(protocol: Protocol, metric: Metric, counting: Counting = plainCounting): Trial[][] {
  if (metric === 'robust') return rungsOf(protocol, 'linf', counting);
  const kind = metric === 'meanPerturbation' ? 'perturbation' : metric;
  const under = counting.declared === null ? [] : trialsOf(protocol, kind, counting.declared).filter(isScored);
  const bare = trialsOf(protocol, kind).filter(isScored);
  const chosen = bare.map((trial) => [under.find((other) => imagesId(other) === imagesId(trial)) ?? trial]);
  return metric === 'meanPerturbation' ? chosen : chosen.slice(0, 1);
}

/** Per image: the mean over groups of the worst case within each; null until all have landed, or where there is nothing. */
export function groupOutcomes(protocol: Protocol, groups: readonly (readonly Trial[])[], cells: Cells): Float64Array | null {
  const columns = paired(protocol, groups.flat(), cells);
  if (!columns) return null;
  let next = 0;
  return mean(groups.map((group) => worst(columns.slice(next, (next += group.length)))));
}

/**
 * What one metric says of each base image, in [0, 1]: what intervals and paired ranks are made of. Null until the cells
 * behind the metric have all landed.
 */
export function imageOutcomes(protocol: Protocol, cells: Cells, metric: Metric, counting: Counting = plainCounting): Float64Array | null {
  return groupOutcomes(protocol, columnTrials(protocol, metric, counting), cells);
}
