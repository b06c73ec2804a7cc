// Opens a model after a look at what it answers on a few real images: what no static reading can tell. Knows no runtime.
import { imageOf, type Pool } from '../datasets/pool.ts';
import type { Engine, Rows } from '../engines/engine.ts';
import { outputKindOf, withLogOutput } from '../engines/output.ts';
import { SubmissionError } from '../errors.ts';
import type { Model } from '../onnx/graph.ts';
import type { Tensor } from '../tensor.ts';

const images = 16;
/** Far above what another order of summation changes, far below what a mean over the batch does. */
const tolerance = 1e-3;

/** What of a pool is looked at: its first 48 images. */
type Few = Pick<Pool, 'images' | 'offset'>;
type Open = (model: Model) => Promise<Engine>;

function rowsOf(pool: Few, first: number, then: number): Rows {
  const positions = [...Array.from({ length: images }, (_, i) => first + i), ...Array.from({ length: images }, (_, i) => then + i)];
  const data = Float32Array.from(positions.flatMap((position) => [...imageOf(pool, position)]), (value) => value / 255);
  return {
    x: { data, shape: [positions.length, 784] },
    image: Uint32Array.from(positions, (position) => pool.offset + position),
    draw: { role: 'evaluate', restart: 0, step: 0 },
  };
}

/** Largest difference of the first `images` rows, relative to the size of the values there. */
function difference(a: Tensor, b: Tensor): number {
  let most = 0;
  for (let i = 0; i < images * 10; i++) most = Math.max(most, Math.abs(a.data[i] - b.data[i]) / (1 + Math.abs(a.data[i])));
  return most;
}

/** The model as it can be run: at any batch size, or at the one it was exported with where its answers are others at any other. */
async function atSoundSize(model: Model, rows: Rows, open: Open): Promise<Model> {
  if (model.exportedBatch === undefined) return model;
  const asExported = { ...model, batch: model.exportedBatch };
  const answers: Tensor[] = [];
  for (const each of [asExported, model]) {
    const engine = await open(each);
    answers.push(await engine.logits(rows));
    await engine.close();
  }
  return difference(answers[0], answers[1]) > tolerance ? asExported : model;
}

/**
 * An engine for a model, as `open` opens one. A model that was exported for a fixed batch is run at any other only if the answers are
 * the same. One whose answers are probabilities although its graph did not say so is given their logarithm (spec 2.4), or an attack
 * would climb a saturated loss. Throws SubmissionError when an image's answer depends on the images beside it, as after an export in
 * training mode.
 */
export async function openSound(given: Model, pool: Few, open: Open): Promise<Engine> {
  const rows = rowsOf(pool, 0, images);
  const model = await atSoundSize(given, rows, open);
  const engine = await open(model);
  const answers = await engine.logits(rows);
  const beside = difference(answers, await engine.logits(rowsOf(pool, 0, 2 * images)));
  // A model that draws random numbers differs from itself too; that is a finding of its own, not this one.
  if (beside > tolerance && difference(answers, await engine.logits(rows)) <= tolerance) {
    throw new SubmissionError({
      code: 'batch-dependent',
      found: "The model's answer to an image changes with the other images of the batch.",
      wanted: 'A model that treats every image by itself.',
      fix: 'Call model.eval() before the export (batch normalisation in training mode is the usual reason), and reduce over no batch axis.',
    });
  }
  if (model.output !== 'logits' || outputKindOf(answers) !== 'probabilities') return engine;
  await engine.close();
  return open(withLogOutput(model));
}
