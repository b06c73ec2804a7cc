// An engine over sessions of compiled graphs: a canonical model, and the gradient graphs that autodiff compiles from it. Knows no runtime.
import { differentiate, seedInputs, type Seed } from '../autodiff/compile.ts';
import { NoGradientError } from '../autodiff/errors.ts';
import { signSteps } from '../autodiff/sign-steps.ts';
import type { Loss } from '../losses.ts';
import type { Graph, Model } from '../onnx/graph.ts';
import { tensor, type Tensor } from '../tensor.ts';
import type { Engine, EngineInfo, LossGradient, Rows, SignSteps, Stepped } from './engine.ts';
import { takeAgain } from './careful-steps.ts';
import type { Session } from './session.ts';

const pixels = 784;
const classes = 10;
/** Steps inside the graph cost a copy of the weights more, and save little beside the gradient of a model with many. */
const mostBytesForSteps = 32e6;

/** How a graph whose inputs and outputs are [batch, width] becomes a session. */
export type OpenSession = (graph: Graph, batch: number) => Promise<Session>;

/**
 * The engine of a canonical model. Sessions are compiled on first use, each for exactly `info.batchSize` rows.
 * The methods throw an Error that names the operator where the runtime refuses the graph.
 */
export function compiledEngine({ graph }: Model, given: Omit<EngineInfo, 'noGradient'>, openSession: OpenSession): Engine {
  const { batchSize: size } = given;
  const noGradient = whyNoGradient(graph, size);
  const info: EngineInfo = { ...given, ...(noGradient && { noGradient }) };
  const sessions = new Map<string, Promise<Session>>();
  let closed = false;

  const session = (name: string, graphOf: () => Graph): Promise<Session> => {
    if (closed) throw new Error('The engine is closed; open another.');
    if (!sessions.has(name)) sessions.set(name, openSession(graphOf(), size));
    return sessions.get(name)!;
  };

  /** `seeds` are the seed's inputs, in its order. */
  const gradient = async (seed: Seed, { x }: Rows, seeds: readonly Float32Array[]): Promise<LossGradient> => {
    const { run } = await session(seed, () => differentiate(graph, size, seed));
    const count = x.shape[0];
    const feeds = seedInputs(seed).map((name, i) => [name, seeds[i], classes] as const);
    const [logits, dx] = await run(count, [['x', x.data, pixels], ...feeds], [['logits', classes], ['dx', pixels]]);
    return { logits: tensor(logits, [count, classes]), dx: tensor(dx, [count, pixels]) };
  };

  const steps = async (rows: Rows, labels: Uint8Array, plan: SignSteps): Promise<Stepped> => {
    const { low, high, untilFooled } = plan;
    const { run } = await session(untilFooled ? 'steps until fooled' : 'steps', () => signSteps(graph, size, untilFooled));
    const count = rows.x.shape[0];
    const each = (value: number) => new Float32Array(count).fill(value);
    const [data, slope, way, right, taken] = await run(count, [
      ['start', rows.x.data, pixels], ['low', low.data, pixels], ['high', high.data, pixels], ['onehot', onehot(labels), classes],
      ['stepSize', each(plan.stepSize), 1], ['steps', each(plan.steps), 1],
    ], [['found', pixels], ['slope', 1], ['way', 1], ['right', 1], ['taken', 1]]);
    const isZero = (values: Float32Array) => Uint8Array.from(values, (value) => Number(value === 0));
    const ofBatch = taken.filter((_, row) => row % size === 0);
    const stepped = {
      x: tensor(data, [count, pixels]), flat: isZero(slope), fooled: isZero(right), taken: ofBatch.reduce((sum, value) => sum + value, 0),
    };
    const undefinedRows = [...way.keys()].filter((row) => Number.isNaN(way[row]));
    await takeAgain(stepped, undefinedRows, { x: rows.x, labels, plan }, (x, own) => gradient('cross-entropy', { ...rows, x }, [onehot(own)]));
    return stepped;
  };

  return {
    info,
    async logits({ x }) {
      const { run } = await session('logits', () => withBatch(graph, size));
      const [logits] = await run(x.shape[0], [['x', x.data, pixels]], [['logits', classes]]);
      return tensor(logits, [x.shape[0], classes]);
    },
    ...(!noGradient && {
      pullback: (rows: Rows, dLogits: Tensor) => gradient('cotangent', rows, [dLogits.data]),
      lossGradient: async (rows: Rows, labels: Uint8Array, loss: Loss, targets = new Uint8Array()) =>
        gradient(loss, rows, [labels, targets].map(onehot)),
    }),
    // Other devices have no Loop of their own.
    ...(!noGradient && info.device === 'cpu' && bytesOf(graph) <= mostBytesForSteps && { signSteps: steps }),
    async close() {
      closed = true;
      const open = await Promise.allSettled(sessions.values());
      sessions.clear();
      for (const result of open) if (result.status === 'fulfilled') await result.value.close();
    },
  };
}

function bytesOf({ constants }: Graph): number {
  return [...constants.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
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
