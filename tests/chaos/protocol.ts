// A protocol that takes a small model a second or two: enough pieces to be interrupted in, one of them an attack.
import type { Protocol } from '../../lib/evaluation/trial.ts';

const images = (size: number) => ({ split: 'test' as const, size });

export const protocol: Protocol = {
  name: 'for-chaos',
  images: images(6000),
  trials: [
    { kind: 'mixed' },
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'gaussian_blur', severity: 3, images: images(3000) },
    { kind: 'perturbation', perturbation: 'jpeg', severity: 2, images: images(3000) },
    {
      kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.05, stepSize: 0.01, steps: 20, randomStart: true, restarts: 1, count: 'last',
      images: images(1000),
    },
  ],
};
