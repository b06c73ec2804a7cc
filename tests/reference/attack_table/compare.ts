// Lays both sides of the attack table beside each other, in points of accuracy. Knows no engine: it compares committed figures.
import type { Trial } from '../../../lib/evaluation/trial.ts';
import { bitsOf, type Figures, type Row } from './rows.ts';

/** FGSM to PGD take the same steps from the same start on both sides; the others draw their own starts, targets' order and squares. */
export const sameStart = ['fgsm', 'bim', 'mim', 'pgd'];
/** Points that two figures of the same steps may differ by, and that an attack with its own draws may be weaker by (or one image). */
export const tolerance = { sameStart: 0.3, adaptive: 0.5 };

export type Comparison = {
  /** `clean`, an attack's name, `square-1000`, or `worst case`. */
  attack: string;
  norm: string;
  epsilon: number;
  total: number;
  /** Accuracies in per cent; `loop` is the plain PyTorch loop with its loss in float64. */
  ours: number;
  theirs: number;
  loop?: number;
  /** Over so many seeds `theirs` is a mean. */
  seeds?: number;
  within: boolean;
};

/** Accuracy in per cent on the first `total` images of bits. */
const percent = (bits: readonly boolean[], total: number) => (100 * bits.slice(0, total).filter(Boolean).length) / total;

function nameOf(trial: Trial): string {
  if (trial.kind !== 'attack') return trial.kind;
  return trial.attack === 'square' ? `square-${trial.queries}` : trial.attack;
}

const placeOf = (trial: Trial, name = nameOf(trial)) =>
  trial.kind === 'attack' ? `${name} ${trial.norm} ${trial.epsilon}` : name;

/** AutoAttack's standard version without FAB; the worst case of an image is the worst of these. */
const standard = ['apgd-ce', 'apgd-t', 'square'];

/** Per image: right under each of them at this epsilon. */
export function worstOf(rows: readonly Row[], epsilon: number): boolean[] {
  const members = rows
    .filter(({ trial }) => trial.kind === 'attack' && trial.norm === 'linf' && trial.epsilon === epsilon && standard.includes(trial.attack))
    .filter(({ by }) => !by.includes('seed'))
    .map(bitsOf)
    .sort((a, b) => a.length - b.length);
  return members[0].map((_, i) => members.every((bits) => bits[i]));
}

/** Every figure that both sides have, each on the images that both measured, and the worst case of each epsilon. */
export function compare(ours: Figures, theirs: Figures): Comparison[] {
  const by = (name: string) => new Map(theirs.rows.filter((row) => row.by === name).map((row) => [placeOf(row.trial), bitsOf(row)]));
  const [loops, torchattacks, autoAttack] = ['float64 loop', 'torchattacks', 'AutoAttack'].map(by);

  type Ball = { norm: string; epsilon: number };
  function beside(attack: string, { norm, epsilon }: Ball, mine: boolean[], other: boolean[], loop?: boolean[]): Comparison {
    const total = Math.min(mine.length, other.length);
    const [own, found, same] = [mine, other, loop].map((bits) => bits && percent(bits, total)) as [number, number, number | undefined];
    const at = { attack, norm, epsilon, total, ours: own, theirs: found };
    if (same === undefined) return { ...at, within: own <= found + Math.max(tolerance.adaptive, 100 / total) };
    // torchattacks takes its loss in float32, where confident images have no gradient: it may be weaker than the loop, never stronger.
    return { ...at, loop: same, within: Math.abs(own - same) <= tolerance.sameStart && own <= found + tolerance.sameStart };
  }

  const figures = ours.rows.map((row) => {
    const { trial } = row;
    const place = placeOf(trial);
    const loop = loops.get(place);
    if (trial.kind !== 'attack') return beside(trial.kind, { norm: '', epsilon: 0 }, bitsOf(row), loop!, loop);
    const other = trial.attack === 'ensemble' ? worstOf(theirs.rows, trial.epsilon) : (torchattacks.get(place) ?? autoAttack.get(place)!);
    const figure = beside(nameOf(trial), trial, bitsOf(row), other, loop);
    const again = theirs.rows.filter((each) => each.by.includes('seed') && placeOf(each.trial) === place);
    if (again.length === 0) return figure;
    const all = [figure.theirs, ...again.map((each) => percent(bitsOf(each), figure.total))];
    const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
    return { ...figure, theirs: mean, seeds: all.length, within: figure.ours <= mean + tolerance.adaptive };
  });
  const squares = figures.filter(({ attack }) => attack === 'square-1000');
  return [...figures, ...squares.map((at) => beside('worst case', at, worstOf(ours.rows, at.epsilon), worstOf(theirs.rows, at.epsilon)))];
}
