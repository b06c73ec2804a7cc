// The ways in which pixels usually go into a model, and what they are called. Pure.
import type { Report } from '@/lib/evaluation/report';

export type Scaling = Report['scaling'];

/** `says`: how training code comes to it. */
export const usual = [
  { label: '0 to 1', says: 'divided by 255, as ToTensor does', scaling: { scale: 1, mean: 0, deviation: 1 } },
  { label: '0 to 255', says: 'as they are in the files', scaling: { scale: 255, mean: 0, deviation: 1 } },
  { label: '−1 to 1', says: 'mean 0.5, deviation 0.5', scaling: { scale: 1, mean: 0.5, deviation: 0.5 } },
  { label: 'FashionMNIST’s', says: 'mean 0.286, deviation 0.353', scaling: { scale: 1, mean: 0.286, deviation: 0.353 } },
  { label: 'MNIST’s', says: 'mean 0.1307, deviation 0.3081', scaling: { scale: 1, mean: 0.1307, deviation: 0.3081 } },
] as const satisfies readonly { label: string; says: string; scaling: Scaling }[];

export const sameScaling = (a: Scaling, b: Scaling) => a.scale === b.scale && a.mean === b.mean && a.deviation === b.deviation;

/** Index in `usual`; -1 for one of one's own. */
export const usualOf = (scaling: Scaling): number => usual.findIndex((each) => sameScaling(each.scaling, scaling));

export const nameOf = (scaling: Scaling): string => usual[usualOf(scaling)]?.label ?? `mean ${scaling.mean}, deviation ${scaling.deviation}`;

/** The value that a gray level becomes, as short as it can be told apart. */
export const fedValue = ({ scale, mean, deviation }: Scaling, level: number): string =>
  String(Number((((level / 255) * scale - mean) / deviation).toFixed(2))).replace('-', '−');
