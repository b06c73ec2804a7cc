// `gauntlet gradient`: the model's outputs and the input gradient of plain cross-entropy, to lay beside another framework's.
import { Command, InvalidArgumentError } from 'commander';
import { findFashionMnist } from '../datasets/find.ts';
import { loadFashionMnist } from '../datasets/load.ts';
import { RequestError } from '../errors.ts';
import { inBatches } from '../evaluation/batches.ts';
import { inputsOf } from '../evaluation/inputs.ts';
import { openModel } from '../evaluation/open.ts';
import { softmax } from '../losses.ts';
import { rowsOf, type Tensor } from '../tensor.ts';
import { readModel, takingModel, type ScalingOptions } from './model.ts';
import { checkWritable, writeJson } from './output.ts';

type Range = { from: number; to: number };
type Options = ScalingOptions & { images: Range; json: string };

const testImages = 10_000;

/** `0:8` as the images 0 to 7. */
export function rangeOf(text: string): Range {
  const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (!(range.from < range.to && range.to <= testImages)) {
    throw new InvalidArgumentError(`Wanted FROM:TO with 0 <= FROM < TO <= ${testImages}, e.g. 0:8 for the first eight test images.`);
  }
  return range;
}

const listsOf = ({ data, shape }: Tensor): number[][] =>
  Array.from({ length: shape[0] }, (_, row) => Array.from(rowsOf({ data, shape }, row, row + 1).data));

/** d(sum of cross-entropy)/d(logits) = softmax - onehot, in float64 and then rounded: plain, so it may saturate (spec 2.4). */
function plainSeed(logits: Tensor, labels: Uint8Array): Tensor {
  const seed = softmax(logits);
  labels.forEach((label, row) => (seed[row * logits.shape[1] + label] -= 1));
  return { data: Float32Array.from(seed), shape: logits.shape };
}

async function gradient(paths: string[], options: Options): Promise<void> {
  await checkWritable(options.json);
  const model = await readModel(paths, options);
  const dataset = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  const bare = await openModel(model, dataset);
  try {
    const engine = inBatches(bare);
    if (!engine.pullback) throw new RequestError(400, `This model has no input gradient. ${engine.info.noGradient ?? ''}`);
    const { from, to } = options.images;
    const positions = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    // Clean images draw nothing.
    const noKeys = () => { throw new Error('Clean images draw nothing.'); };
    const { x, image, labels } = inputsOf({ kind: 'clean' }, positions, dataset.test, noKeys);
    const rows = { x, image, draw: { role: 'evaluate', restart: 0, step: 0 } as const };
    const logits = await engine.logits(rows);
    const { dx } = await engine.pullback(rows, plainSeed(logits, labels));
    await writeJson(options.json, { logits: listsOf(logits), gradient: listsOf(dx) });
  } finally {
    await bare.close();
  }
  console.log(`Wrote logits and gradients of test images ${options.images.from} to ${options.images.to - 1} to ${options.json}.`);
}

export function gradientCommand(): Command {
  return takingModel(new Command('gradient'))
    .description('write the model\'s outputs and d(sum of cross-entropy)/d(pixel), pixels in [0, 1], for some test images')
    .requiredOption('--images <from:to>', 'test images in file order, the end not included, e.g. 0:8', rangeOf)
    .requiredOption('--json <file>', 'where to write {"logits": [[10 numbers]...], "gradient": [[784 numbers]...]}')
    .action(gradient);
}
