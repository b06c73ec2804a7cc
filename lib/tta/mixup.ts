// TTA `mixup`: Mixup Inference (Pang, Xu and Zhu, ICLR 2020; spec 4.3), partners chosen by what the model sees in the raw image.
import { predictions } from '../tensor.ts';
import { average } from './average.ts';
import { integerBut, mixtures, ownPosition } from './mixtures.ts';
import type { Policy, TtaContext } from './policy.ts';

const classes = 10;

export type MixupParameters = { partners: 'predicted' | 'other'; lambda: number; repetitions: number };

/** Positions in the train split of each class, ascending; made once per split. */
const byClass = new WeakMap<Uint8Array, number[][]>();

function membersOf({ labels }: TtaContext['train']): number[][] {
  let members = byClass.get(labels);
  if (!members) {
    members = Array.from({ length: classes }, () => []);
    for (let i = 0; i < labels.length; i++) members[labels[i]].push(i);
    byClass.set(labels, members);
  }
  return members;
}

/**
 * x_j = lambda * x + (1 - lambda) * partner. The partner is of the class that the model names on the raw row (`predicted`,
 * MI-PL) or of another (`other`, MI-OL: the class uniform, then the image), never the image itself. The named class is a
 * constant to the gradient: it is one almost everywhere.
 */
export const mixup = ({ partners, lambda, repetitions }: MixupParameters): Policy => (engine, context) => {
  const members = membersOf(context.train);
  return average(engine, mixtures(context, { count: repetitions, partners: 1, own: lambda, other: 1 - lambda }, async (rows) => {
    const named = predictions(await engine.logits(rows));
    return (row, stream) => {
      const of = members[partners === 'predicted' ? named[row] : integerBut(named[row], classes, stream)];
      return of[integerBut(of.indexOf(ownPosition(rows.image[row], context.train)), of.length, stream)];
    };
  }));
};
