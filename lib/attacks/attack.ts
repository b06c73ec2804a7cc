// What an attack is: a search for adversarial examples through an engine, one image never influencing another.
import type { Engine } from '../engines/engine.ts';
import type { Key } from '../random.ts';
import type { Tensor } from '../tensor.ts';

/** What an attack is given beside the images, asked for only where it is needed. */
export type Sources = {
  /** Key of purpose `attack-start`, for random starts. */
  startKey: () => Key;
  /** Key of purpose `square`, for the positions of the square attack. */
  squareKey: () => Key;
  /** The reference CNN, whose examples are tried on the model. */
  reference: () => Promise<Engine>;
};

/** The images to attack, all of which the model classifies correctly. Their number is free. */
export type Victims = Sources & {
  /** [N, 784] float32 in [0, 1]. */
  x: Tensor;
  /** [N] true classes. */
  labels: Uint8Array;
  /** [N] index in the whole pool; addresses the draws of the image. */
  image: Uint32Array;
  /** Which round of the trial this is, from 0: a restart, a target or a stage. Addresses the draws too. */
  restart: number;
};

export type Adversarial = {
  /** [N, 784] one example per victim, inside the budget, robust or not. */
  x: Tensor;
  /** [N] 1 where the gradient was all zero at the first step. */
  flat: Uint8Array;
};

/** The ball of radius epsilon around each image, cut by [0, 1]. */
export type Budget = { norm: 'linf' | 'l2'; epsilon: number };

/** `last`: the last iterate counts. `any`: an image leaves as soon as an iterate fools the model, and keeps that iterate. */
export type Count = 'last' | 'any';

/** One round of an attack with its parameters. The victims' tensors are not changed. */
export type Attack<Parameters extends Budget> = (engine: Engine, victims: Victims, parameters: Parameters) => Promise<Adversarial>;
