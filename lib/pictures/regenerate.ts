// Makes the images of a trial again, by the very code that a worker runs. Knows no seed, only derived keys, and no model.
import { imageOf, poolOf, type Dataset } from '../datasets/load.ts';
import { keysFromList } from '../derived-keys.ts';
import { imageOrder } from '../evaluation/images.ts';
import { inputsOf } from '../evaluation/inputs.ts';
import { choiceOf, imagesId } from '../evaluation/trial-id.ts';
import { pixels } from '../images/warp.ts';
import { mixedChoice } from '../perturbations/perturb.ts';
import type { Pictures, Wanted } from './pictures.ts';

/** The pictures of one wish. Throws RangeError for a position outside the trial, and an Error for a key not handed out. */
export function regenerate({ protocol, trial, keys: list, positions }: Wanted, dataset: Dataset): Pictures {
  const choice = choiceOf(protocol, trial);
  const pool = poolOf(dataset, choice.split);
  const keys = keysFromList(list);
  const order = imageOrder(pool, choice, keys);
  const outside = positions.find((position) => !(Number.isInteger(position) && position >= 0 && position < order.length));
  if (outside !== undefined) throw new RangeError(`There is no image ${outside} in a trial of ${order.length} images.`);

  const chosen = Uint32Array.from(positions, (position) => order[position]);
  const { x, image } = inputsOf(trial, chosen, pool, keys);
  const original = new Uint8Array(chosen.length * pixels);
  chosen.forEach((at, row) => original.set(imageOf(pool, at), row * pixels));
  return {
    labels: Uint8Array.from(order, (at) => pool.labels[at]),
    image,
    original,
    // The model is given levels / 255 in float32, of which this is the exact inverse.
    seen: Uint8Array.from(x.data, (value) => Math.round(value * 255)),
    mixed: trial.kind === 'mixed' ? Array.from(image, (at) => mixedChoice(at, imagesId(trial), keys)) : null,
  };
}
