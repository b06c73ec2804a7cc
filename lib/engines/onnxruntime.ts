// The ONNX Runtime engine: runs a canonical model, and the gradient graphs that autodiff compiles from it, on the processor.
import { env } from 'onnxruntime-node';
import { differentiate, type Seed } from '../autodiff/compile.ts';
import { NoGradientError } from '../autodiff/errors.ts';
import type { Graph, Model } from '../onnx/graph.ts';
import { tensor, type Tensor } from '../tensor.ts';
import type { Engine, EngineInfo, LossGradient, Rows } from './engine.ts';
import { openSession, type Session } from './session.ts';

/** Rows per run at which the processor's caches serve best; a model's own fixed batch size wins. */
const defaultBatchSize = 32;
const pixels = 784;
const classes = 10;

/**
 * Opens a canonical model on one processor. Sessions are compiled on first use, each for exactly one batch size; compiling and running
 * block the event loop. One thread unless asked otherwise, since one process per core beats one process with many threads.
 * The methods throw an Error that names the operator where ONNX Runtime refuses the graph.
 */
export function openOnnxRuntime(model: Model, { threads = 1, batchSize = defaultBatchSize } = {}): Engine {
  const { graph } = model;
  const size = model.batch ?? batchSize;
  const noGradient = whyNoGradient(graph, size);
  const engine = `onnxruntime-node ${env.versions.node}`;
  const info: EngineInfo = { engine, device: 'cpu', batchSize: size, ...(noGradient && { noGradient }) };
  const sessions = new Map<string, Promise<Session>>();
  let closed = false;

  const session = (name: string, graphOf: () => Graph): Promise<Session> => {
    if (closed) throw new Error('The engine is closed; open another.');
    if (!sessions.has(name)) sessions.set(name, openSession(graphOf(), size, threads));
    return sessions.get(name)!;
  };

  const gradient = async (seed: Seed, { x }: Rows, name: string, data: Float32Array): Promise<LossGradient> => {
    const { run } = await session(seed, () => differentiate(graph, size, seed));
    const count = x.shape[0];
    const [logits, dx] = await run(count, [['x', x.data, pixels], [name, data, classes]], [['logits', classes], ['dx', pixels]]);
    return { logits: tensor(logits, [count, classes]), dx: tensor(dx, [count, pixels]) };
  };

  return {
    info,
    async logits({ x }) {
      const { run } = await session('logits', () => withBatch(graph, size));
      const [logits] = await run(x.shape[0], [['x', x.data, pixels]], [['logits', classes]]);
      return tensor(logits, [x.shape[0], classes]);
    },
    ...(!noGradient && {
      pullback: (rows: Rows, dLogits: Tensor) => gradient('cotangent', rows, 'dLogits', dLogits.data),
      lossGradient: (rows: Rows, labels: Uint8Array) => gradient('cross-entropy', rows, 'onehot', onehot(labels)),
    }),
    async close() {
      closed = true;
      const open = await Promise.allSettled(sessions.values());
      sessions.clear();
      for (const result of open) if (result.status === 'fulfilled') await result.value.close();
    },
  };
}

function whyNoGradient(graph: Graph, batch: number): string | undefined {
  try {
    differentiate(graph, batch, 'cotangent');
    return undefined;
  } catch (error) {
    if (error instanceof NoGradientError) return error.message;
    throw error;
  }
}

/** The graph with its open batch dimension filled in, so that ONNX Runtime knows every shape beforehand. */
function withBatch(graph: Graph, batch: number): Graph {
  const fill = (values: Graph['inputs']) => values.map((value) => ({ ...value, dims: [batch, ...value.dims.slice(1)] }));
  return { ...graph, inputs: fill(graph.inputs), outputs: fill(graph.outputs) };
}

function onehot(labels: Uint8Array): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    if (label >= classes) throw new RangeError(`Label ${label} of row ${i} is no class; classes are 0 to ${classes - 1}.`);
    rows[i * classes + label] = 1;
  });
  return rows;
}
