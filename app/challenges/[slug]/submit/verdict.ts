// What a model's answers under several scalings say of how it was trained: which one is meant, and why none may be. Pure.
import { preflightNote } from '@/lib/evaluations/preflight';
import type { Fed, Looked } from '@/lib/playground/feeding';
import { nameOf, sameScaling, type Scaling } from './scalings';

export type Verdict = {
  /** The one to take; null when what is chosen does as well as any. */
  better: Scaling | null;
  tone: 'good' | 'warn';
  text: string;
  hints: string[];
};

/** Chance is a tenth; a model that was trained and is fed rightly gets most. */
const suspicious = 0.25;
/** Of chi-squared with one degree of freedom: McNemar's test at 1 %. */
const clear = 6.63;

/** Whether the first gets more images right than the second by more than chance explains. */
export function clearlyBetter(first: Fed, second: Fed, labels: Uint8Array): boolean {
  let [gained, lost] = [0, 0];
  labels.forEach((label, i) => {
    const [a, b] = [first.predictions[i] === label, second.predictions[i] === label];
    if (a && !b) gained++;
    if (b && !a) lost++;
  });
  return gained > lost && (gained - lost) ** 2 > clear * (gained + lost);
}

export function verdictOf({ labels, fed, softmaxTwice }: Pick<Looked, 'labels' | 'fed' | 'softmaxTwice'>, chosen: Scaling): Verdict {
  const upright = fed.filter(({ transposed }) => !transposed);
  const best = bestOf(upright);
  const mine = upright.find(({ scaling }) => sameScaling(scaling, chosen)) ?? best;
  const images = labels.length;
  const of = ({ right, scaling }: Fed) => `${right} of ${images} with ${nameOf(scaling)}`;
  const hints = softmaxTwice ? [twice] : [];
  if (best.right < suspicious * images) {
    return {
      better: null, tone: 'warn', hints: [...causes(fed, best, labels), ...hints],
      text: `Your model gets at most ${best.right} of ${images} labelled training images right, however their pixels go in; guessing gets ${Math.round(images / 10)}.`,
    };
  }
  if (!clearlyBetter(best, mine, labels)) {
    const others = upright.filter((each) => each !== mine);
    const next = others.length > 0 ? bestOf(others) : null;
    const close = next && !clearlyBetter(mine, next, labels);
    const beside = !next ? '' : close ? `. ${next.right} with ${nameOf(next.scaling)} is no clear difference: take the one you trained with` : `; with the others at most ${next.right}`;
    return { better: null, tone: 'good', hints, text: `Your model gets ${mine.right} of ${images} labelled training images right with ${nameOf(mine.scaling)}${beside}.` };
  }
  const rivals = upright.filter((each) => each !== best && !clearlyBetter(best, each, labels));
  const rival = rivals.length > 0 ? ` As good: ${rivals.map(of).join(', ')}; take the one you trained with.` : '';
  return {
    better: best.scaling, tone: 'warn', hints,
    text: `Of ${images} labelled training images your model gets ${best.right} right with ${nameOf(best.scaling)}, and only ${mine.right} with ${nameOf(mine.scaling)}.${rival}`,
  };
}

const bestOf = (fed: readonly Fed[]): Fed => fed.reduce((best, each) => (each.right > best.right ? each : best));

const twice =
  'The model applies softmax twice: its outputs are probabilities even before the last one. No prediction changes, but its gradients are ' +
  'squashed, which attacks trip over. Take one of them out (PyTorch’s CrossEntropyLoss wants a model without any).';

function causes(fed: readonly Fed[], best: Fed, labels: Uint8Array): string[] {
  const images = labels.length;
  const turned = fed.filter(({ transposed }) => transposed);
  const across = turned.length > 0 ? bestOf(turned) : null;
  if (across && across.right >= 2 * suspicious * images) {
    return [
      `With rows and columns swapped it gets ${across.right} of ${images} right with ${nameOf(across.scaling)}: it was trained on transposed images. Transpose ` +
        'its input inside the model (x.transpose(-1, -2), Permute), and export again.',
    ];
  }
  const confusion = Array.from({ length: 100 }, () => 0);
  labels.forEach((label, i) => confusion[10 * label + best.predictions[i]]++);
  const permuted = permutation(confusion, images);
  if (permuted) return [permuted];
  const note = preflightNote({ confusion, predictions: best.predictions, diagnostics: { notFinite: best.notFinite } });
  // The first sentence says how few are right, which has been said.
  const cause = note?.replace(/^.*?guessing gets a tenth\. /, '');
  return [cause ?? 'Likely causes: the weights of an untrained network were exported, or the classes stand in another order.'];
}

/** The classes are told apart, each under another's number. */
function permutation(confusion: readonly number[], images: number): string | null {
  const rows = Array.from({ length: 10 }, (_, label) => confusion.slice(10 * label, 10 * label + 10));
  const favourite = rows.map((row) => row.indexOf(Math.max(...row)));
  const consistent = rows.reduce((sum, row) => sum + Math.max(...row), 0) / images;
  if (consistent <= 0.6 || new Set(favourite).size < 9) return null;
  const moved = favourite.flatMap((to, from) => (to === from ? [] : [`${from} as ${to}`]));
  return (
    `But it tells the classes apart, each under another’s number (${moved.slice(0, 4).join(', ')}): with its outputs in FashionMNIST’s order, ` +
    `0 = T-shirt/top to 9 = Ankle boot, it would get about ${Math.round(100 * consistent)} % right. Reorder the last layer.`
  );
}
