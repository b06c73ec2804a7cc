// The outcome of an evaluation as a person reads it: a table of trials, then the score.
import Table from 'cli-table3';
import type { Cell } from '../evaluation/cell.ts';
import type { PolicyScore } from '../evaluation/policies.ts';
import type { Estimate, Rung, Score } from '../evaluation/score.ts';
import { drawSpread, wilson } from '../evaluation/statistics.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Claim } from '../receipts/check.ts';
import type { Compared, Verdict } from '../receipts/compare.ts';

/** 0.9123 as `91.23 %`. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

/** What others have typed, without characters that a terminal would obey. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

/** Seconds as a person counts them. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function interval({ low, high }: Estimate): string {
  return `${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)}`;
}

// Neither colours nor lines between rows: the table is long, and often written to a file.
export const plain = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/** Standard deviation of the accuracy over draw sets, in points; empty where nothing was drawn. */
function spreadOf({ diagnostics: { correctByDraw }, total }: Cell): string {
  return correctByDraw ? `${(100 * drawSpread(correctByDraw, total).sd).toFixed(2)} over ${correctByDraw.length}` : '';
}

/** Every trial in the protocol's order with its accuracy and Wilson interval; a column more where policies draw at random. */
export function trialTable(protocol: Protocol, cells: ReadonlyMap<string, Cell>): string {
  const drawn = [...cells.values()].some(({ diagnostics }) => diagnostics.correctByDraw);
  const head = ['trial', 'right', 'of', 'accuracy', '95 % interval', ...(drawn ? ['SD of draws'] : []), 'seconds'];
  const table = new Table({ ...plain, head, colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')) });
  for (const trial of protocol.trials) {
    const id = trialId(trial);
    const cell = cells.get(id);
    if (!cell) {
      table.push([id, { colSpan: head.length - 1, content: 'not measured: the model has no input gradient', hAlign: 'left' }]);
      continue;
    }
    const { correct, total, seconds } = cell;
    const figures = [correct, total, percent(correct / total), interval(wilson(correct, total))];
    table.push([id, ...figures, ...(drawn ? [spreadOf(cell)] : []), seconds.toFixed(1)]);
  }
  return table.toString();
}

const verdicts: Record<Verdict, string> = {
  same: 'same',
  'near ties': 'same but for near ties',
  tolerated: 'within 0.2 points, as on another device',
  differs: 'DIFFERS',
};

/** Trials that were run again, beside what a receipt says of them. */
export function comparisonTable(rows: readonly { claim: Claim; compared: Compared }[]): string {
  const head = ['trial', 'in the receipt', 'images run again', 'differing bits', 'other class', 'verdict'];
  const table = new Table({ ...plain, head, colAligns: ['left', 'right', 'right', 'right', 'right', 'left'] });
  for (const { claim, compared } of rows) {
    table.push([claim.trial, percent(claim.correct / claim.total), compared.images, compared.bits, compared.classes, verdicts[compared.verdict]]);
  }
  return table.toString();
}

type Line = [name: string, estimate: Estimate | null | undefined];

const ladderLines = (rungs: readonly Rung[], norm: string): Line[] =>
  rungs.map(({ epsilon, worst }) => [`  worst case, ${norm} ${Number(epsilon.toPrecision(3))}`, worst]);

function policyLines([label, { clean, mixed, attacks }]: [string, PolicyScore]): Line[] {
  const attacked = attacks.flatMap(({ norm, epsilon, modes, worst }): Line[] => {
    const where = `  ${label}, attacked at ${Number(epsilon.toPrecision(3))}${norm === 'l2' ? ' in L2' : ''}`;
    return [...Object.entries(modes).map(([mode, estimate]): Line => [`${where}, ${mode}`, estimate]), [`${where}, all of these`, worst]];
  });
  return [[`TTA ${label}, mixed`, mixed], [`TTA ${label}, clean`, clean], ...attacked];
}

function sentences({ worstPerturbation, declared, notAttacked, notRanked, policies, flags, checked }: Score): string[] {
  const lines: string[] = [];
  if (worstPerturbation) lines.push(`Worst perturbation: ${worstPerturbation.perturbation}, ${percent(worstPerturbation.value)}.`);
  if (declared) lines.push(`The columns are those under the declared TTA policy ${declared}.`);
  for (const [label, { spread }] of Object.entries(policies)) {
    if (spread) lines.push(`TTA ${label}: ${spread.draws} evaluations with other draws differ by a standard deviation of ${(100 * spread.sd).toFixed(2)} points.`);
  }
  if (notAttacked) lines.push(notAttacked);
  for (const why of Object.values(notRanked ?? {})) if (why !== notAttacked) lines.push(why);
  for (const { id, sentence } of flags) lines.push(`Flag ${id}: ${sentence}`);
  if (checked.length > 0 && flags.length === 0) lines.push(`No sign of gradient masking in ${checked.length} checks (${checked.join(', ')}).`);
  return lines;
}

/** The columns of the leaderboard that this protocol has, what stands behind them, and what to know about them. */
export function scoreTable(score: Score): string {
  const table = new Table({ ...plain, head: ['score', 'value', '95 % interval', 'images'], colAligns: ['left', 'right', 'right', 'right'] });
  const columns: Line[] = [
    ['mixed', score.mixed],
    ['mean perturbation', score.meanPerturbation],
    ...Object.entries(score.families).map(([family, estimate]): Line => [`  ${family}`, estimate]),
    ['robust (worst case, mean over epsilon)', score.robust],
    ...ladderLines(score.ladder, 'L∞'),
    ['robust in L2', score.robustL2],
    ...ladderLines(score.ladderL2, 'L2'),
    ['clean', score.clean],
    ...Object.entries(score.policies).flatMap(policyLines),
    ...Object.entries(score.ttaGain).map(([label, gain]): Line => [`gain of TTA ${label} on mixed`, gain]),
  ];
  for (const [name, estimate] of columns) if (estimate) table.push([name, percent(estimate.value), interval(estimate), estimate.images]);
  return [table.toString(), ...sentences(score)].join('\n');
}
