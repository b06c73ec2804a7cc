// Opens a model for measuring, after a look at what it answers on a few real images: what no static reading can tell.
import { imageOf, type Dataset } from '../datasets/load.ts';
import type { Engine, Rows } from '../engines/engine.ts';
import { openEngine, type EngineOptions } from '../engines/open.ts';
import { outputKindOf, withLogOutput } from '../engines/output.ts';
import { SubmissionError } from '../errors.ts';
import type { Model } from '../onnx/graph.ts';
import type { Tensor } from '../tensor.ts';

const images = 16;
/** Far above what another order of summation changes, far below what a mean over the batch does. */
const tolerance = 1e-3;

function rowsOf({ test }: Dataset, first: number, then: number): Rows {
  const positions = [...Array.from({ length: images }, (_, i) => first + i), ...Array.from({ length: images }, (_, i) => then + i)];
  const data = Float32Array.from(positions.flatMap((position) => [...imageOf(test, position)]), (value) => value / 255);
  return {
    x: { data, shape: [positions.length, 784] },
    image: Uint32Array.from(positions, (position) => test.offset + position),
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
async function atSoundSize(model: Model, rows: Rows, options: EngineOptions): Promise<Model> {
  if (model.exportedBatch === undefined) return model;
  const asExported = { ...model, batch: model.exportedBatch };
  const answers: Tensor[] = [];
  for (const each of [asExported, model]) {
    const engine = await openEngine(each, options);
    answers.push(await engine.logits(rows));
    await engine.close();
  }
  return difference(answers[0], answers[1]) > tolerance ? asExported : model;
}

/**
 * An engine for a model. One that was exported for a fixed batch is run at any other only if the answers are the same. One whose answers are probabilities although its graph did not say so is given their logarithm
 * (spec 2.4), or an attack would climb a saturated loss. Throws SubmissionError when an image's answer depends on the
 * images beside it, as after an export in training mode.
 */
export async function openModel(given: Model, dataset: Dataset, options: EngineOptions = {}): Promise<Engine> {
  const rows = rowsOf(dataset, 0, images);
  const model = await atSoundSize(given, rows, options);
  const engine = await openEngine(model, options);
  const answers = await engine.logits(rows);
  const beside = difference(answers, await engine.logits(rowsOf(dataset, 0, 2 * images)));
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
  return openEngine(withLogOutput(model), options);
}
