// Lays both sides of the attack table beside each other, in points of accuracy. Knows no engine: it compares committed figures.
import type { AttackTrial, Trial } from '../../../lib/evaluation/trial.ts';
import { bitsOf, type Figures, type ReferenceTrial, type Row } from './rows.ts';

/** FGSM to PGD take the same steps from the same start on both sides; the others draw their own starts, targets' order and squares. */
export const sameStart = ['fgsm', 'bim', 'mim', 'pgd'];
/** Points that two figures of the same steps may differ by, and that an attack with its own draws may be weaker by. */
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
  within: boolean;
};

const percent = ({ correct, total }: { correct: number; total: number }) => (100 * correct) / total;

function nameOf(trial: Trial | ReferenceTrial): string {
  if (trial.kind !== 'attack') return trial.kind;
  return trial.attack === 'square' ? `square-${trial.queries}` : trial.attack;
}

const placeOf = (trial: Trial | ReferenceTrial, name = nameOf(trial)) =>
  trial.kind === 'attack' ? `${name} ${trial.norm} ${trial.epsilon}` : name;

/** AutoAttack's worst case per image: right under each of these. FAB-T counts where it was run. */
const standard = ['apgd-ce', 'apgd-t', 'square-5000', 'fab-t'];

function worstOf(rows: readonly Row[], epsilon: number): { correct: number; total: number } {
  const members = rows.filter(({ trial }) => trial.kind === 'attack' && trial.norm === 'linf' && trial.epsilon === epsilon && standard.includes(nameOf(trial)));
  const bits = members.map(bitsOf);
  return { correct: bits[0].filter((_, i) => bits.every((each) => each[i])).length, total: members[0].total };
}

/** Every figure that both sides have, in the order of ours. */
export function compare(ours: Figures<Trial>, theirs: Figures): Comparison[] {
  const by = (name: string) => new Map(theirs.rows.filter((row) => row.by === name).map((row) => [placeOf(row.trial), row]));
  const [loops, torchattacks, autoAttack] = ['float64 loop', 'torchattacks', 'AutoAttack'].map(by);
  return ours.rows.map(({ trial, ...row }) => {
    const place = placeOf(trial);
    const mine = percent(row);
    if (trial.kind !== 'attack') {
      const clean = percent(loops.get(place)!);
      return { attack: 'clean', norm: '', epsilon: 0, total: row.total, ours: mine, theirs: clean, within: Math.abs(mine - clean) <= tolerance.sameStart };
    }
    const { norm, epsilon } = trial as AttackTrial;
    const at = { attack: trial.attack === 'ensemble' ? 'worst case' : nameOf(trial), norm, epsilon, total: row.total, ours: mine };
    if (!sameStart.includes(trial.attack)) {
      const found = percent(trial.attack === 'ensemble' ? worstOf(theirs.rows, epsilon) : autoAttack.get(place)!);
      return { ...at, theirs: found, within: mine <= found + tolerance.adaptive };
    }
    const [loop, found] = [percent(loops.get(place)!), percent(torchattacks.get(place)!)];
    // torchattacks takes its loss in float32, where confident images have no gradient: it may be weaker than the loop, never stronger.
    return { ...at, theirs: found, loop, within: Math.abs(mine - loop) <= tolerance.sameStart && mine <= found + tolerance.sameStart };
  });
}
