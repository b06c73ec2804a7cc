// What an attack is: a search for adversarial examples through an engine, one image never influencing another.
import type { Engine } from '../engines/engine.ts';
import type { Key } from '../random.ts';
import type { Tensor } from '../tensor.ts';

/** The images to attack, all of which the model classifies correctly. Their number is free. */
export type Victims = {
  /** [N, 784] float32 in [0, 1]. */
  x: Tensor;
  /** [N] true classes. */
  labels: Uint8Array;
  /** [N] index in the whole pool; addresses the draws of the image. */
  image: Uint32Array;
  /** Which restart this is, from 0. */
  restart: number;
  /** Key of purpose `attack-start`; asked for only by an attack that starts at random. */
  startKey: () => Key;
};

export type Adversarial = {
  /** [N, 784] one example per victim, inside the budget, robust or not. */
  x: Tensor;
  /** Victims whose gradient was all zero at the first step. */
  zeroGradients: number;
};

/** L-infinity ball of radius epsilon around each image, cut by [0, 1]. */
export type Budget = { norm: 'linf'; epsilon: number };

/** `last`: the last iterate counts. `any`: an image leaves as soon as an iterate fools the model, and keeps that iterate. */
export type Count = 'last' | 'any';

/** An attack with its parameters; `engine` must have a gradient. The victims' tensors are not changed. */
export type Attack<Parameters extends Budget> = (engine: Engine, victims: Victims, parameters: Parameters) => Promise<Adversarial>;
