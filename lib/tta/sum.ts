// TTA `sum`: Test-Time Sum Augmentation (spec 4.2), the mean over mixtures with partners drawn from the train split.
import { average } from './average.ts';
import { integerBut, mixtures, ownPosition } from './mixtures.ts';
import type { Policy } from './policy.ts';

export type SumParameters = { k: number; ownWeight: number; repetitions: number };

/** x_j = (ownWeight * x + sum of k - 1 partners) / (ownWeight + k - 1); partners are uniform, never the image itself. */
export const sum = ({ k, ownWeight, repetitions }: SumParameters): Policy => (engine, context) => {
  const total = ownWeight + k - 1;
  const plan = { count: repetitions, partners: k - 1, own: ownWeight / total, other: 1 / total };
  return average(engine, mixtures(context, plan, ({ image }) =>
    (row, stream) => integerBut(ownPosition(image[row], context.train), context.train.count, stream)));
};
