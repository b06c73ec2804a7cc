// One ONNX Runtime session of a graph compiled for one batch size, run over any number of rows. Knows no model, no gradient, and of its runtime the type alone.
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../onnx/codec.ts';
import type { Graph } from '../onnx/graph.ts';
import { inBatches, type Feed, type Fetch } from './batches.ts';

/** What ONNX Runtime's packages for Node and for browsers have in common. */
export type Runtime = {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
};

export type Session = {
  /** Runs `rows` rows and returns each output's rows. Throws an Error that names the operator where one fails. */
  run(rows: number, feeds: readonly Feed[], fetches: readonly Fetch[]): Promise<Float32Array[]>;
  /** Frees weights and arena. */
  close(): Promise<void>;
};

/** Compiles a graph whose inputs and outputs are [batch, width]. Throws an Error that names the operator where ONNX Runtime refuses it. */
export async function sessionOf(
  { InferenceSession, Tensor }: Runtime, graph: Graph, batch: number, options: InferenceSession.SessionOptions,
): Promise<Session> {
  const session = await explained('open', InferenceSession.create(encodeGraph(graph), options));

  return {
    run: (rows, feeds, fetches) =>
      inBatches(rows, batch, feeds, fetches, async (parts) => {
        const inputs = feeds.map(([name, , width], i) => [name, new Tensor('float32', parts[i], [batch, width])]);
        const outputs = await explained('run', session.run(Object.fromEntries(inputs), fetches.map(([name]) => name)));
        return fetches.map(([name, width]) => {
          const data = outputs[name].data as Float32Array;
          if (data.length === batch * width) return data;
          throw new Error(`The model returned ${name} [${outputs[name].dims}]; wanted [${batch},${width}].`);
        });
      }),
    close: () => session.release(),
  };
}

/** How ONNX Runtime's messages name the operator at fault. */
const operatorPatterns = [/implementation for (\w+)/, /while running (\w+) node/, /Op \((\w+)\)/, /In Node, \("[^"]*", (\w+),/];

async function explained<T>(doing: 'open' | 'run', work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const operator = operatorPatterns.map((pattern) => pattern.exec(message)?.[1]).find(Boolean);
    throw new Error(`ONNX Runtime could not ${doing} the model${operator ? ` (operator ${operator})` : ''}: ${message}`, { cause });
  }
}
