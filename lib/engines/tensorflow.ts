// The TensorFlow.js engine: interprets a canonical model and pulls cotangents back on the library's own tape. It shares no gradient
// rule with the compiler of the other engine, so that each bears witness for the other.
import type { Model } from '../onnx/graph.ts';
import { lossSeed, type Loss } from '../losses.ts';
import type { DeviceName } from '../runtimes.ts';
import { tensor, type Tensor } from '../tensor.ts';
import { inBatches, type Feed, type Fetch } from './batches.ts';
import type { Engine, EngineInfo, LossGradient, Rows } from './engine.ts';
import { loadTensorFlow } from './tensorflow/load.ts';
import { floatsIn, programOf, whyNoGradient } from './tensorflow/program.ts';

const pixels = 784;
const classes = 10;

/** The cotangent of a batch's logits, given its rows of a feed. */
type SeedOf = (logits: Float32Array, given: Float32Array) => Float32Array;
type Options = { device?: DeviceName; batchSize?: number };

/**
 * Opens a canonical model on the fastest TensorFlow.js that this machine has. Runs block the event loop.
 * Throws an Error that names each operator the engine lacks.
 */
export async function openTensorFlow(model: Model, { device = 'cpu', batchSize }: Options = {}): Promise<Engine> {
  const library = await loadTensorFlow(device);
  const { tf } = library;
  const size = model.batch ?? batchSize ?? library.batchSize;
  const program = programOf(tf, model.graph, size);
  const noGradient = whyNoGradient(model.graph, size);
  const info: EngineInfo = {
    engine: library.name, device: library.device, batchSize: size, why: library.why, ...(noGradient && { noGradient }),
  };
  let closed = false;
  const open = () => {
    if (closed) throw new Error('The engine is closed; open another.');
  };
  const checked = (logits: Float32Array) => {
    if (logits.length === size * classes) return logits;
    throw new Error(`The model returned ${logits.length} logits for ${size} images; wanted ${size * classes}.`);
  };
  const imagesOf = (data: Float32Array) => tf.tensor2d(data, [size, pixels]);

  async function gradient(rows: Rows, feed: Feed, seedOf: SeedOf): Promise<LossGradient> {
    open();
    const count = rows.x.shape[0];
    const fetches: Fetch[] = [['logits', classes], ['dx', pixels]];
    const [logits, dx] = await inBatches(count, size, [['x', rows.x.data, pixels], feed], fetches, async ([x, given]) => {
      const images = imagesOf(x);
      const found = program.pullBack(images, (y) => seedOf(checked(y), given));
      images.dispose();
      return [found.y, found.dx];
    });
    return { logits: tensor(logits, [count, classes]), dx: tensor(dx, [count, pixels]) };
  }

  return {
    info,
    async logits({ x }) {
      open();
      const count = x.shape[0];
      const [logits] = await inBatches(count, size, [['x', x.data, pixels]], [['logits', classes]], async ([part]) => {
        let found: Float32Array = new Float32Array();
        tf.tidy(() => void (found = floatsIn(program.run([imagesOf(part)])[0])));
        return [checked(found)];
      });
      return tensor(logits, [count, classes]);
    },
    ...(!noGradient && {
      pullback: (rows: Rows, dLogits: Tensor) => gradient(rows, ['dLogits', dLogits.data, classes], (_, given) => given),
      lossGradient: async (rows: Rows, labels: Uint8Array, loss: Loss, targets?: Uint8Array) => {
        const wrong = labels.findIndex((label) => label >= classes);
        if (wrong >= 0) throw new RangeError(`Label ${labels[wrong]} of row ${wrong} is no class; classes are 0 to ${classes - 1}.`);
        // Label and target of a row side by side.
        const classesOf = Float32Array.from({ length: 2 * labels.length }, (_, i) => (i % 2 === 0 ? labels : (targets ?? labels))[i >> 1]);
        return gradient(rows, ['classes', classesOf, 2], (logits, given) => {
          const [own, target] = [0, 1].map((lane) => Uint8Array.from({ length: size }, (_, row) => given[2 * row + lane]));
          return lossSeed(loss, tensor(logits, [size, classes]), own, target).data;
        });
      },
    }),
    async close() {
      if (!closed) program.dispose();
      closed = true;
    },
  };
}
