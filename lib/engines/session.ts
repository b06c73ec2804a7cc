// One ONNX Runtime session of a graph compiled for one batch size, run over any number of rows. Knows no model and no gradient.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../onnx/codec.ts';
import type { Graph } from '../onnx/graph.ts';

/** An input: its name, its rows one after another, and the elements of a row. */
export type Feed = readonly [name: string, data: Float32Array, width: number];
/** An output: its name and the elements of a row. */
export type Fetch = readonly [name: string, width: number];

export type Session = {
  /** Runs `rows` rows and returns each output's rows. Throws an Error that names the operator where one fails. */
  run(rows: number, feeds: readonly Feed[], fetches: readonly Fetch[]): Promise<Float32Array[]>;
  /** Frees weights and arena. */
  close(): Promise<void>;
};

/** Compiles a graph whose inputs and outputs are [batch, width]. Throws an Error that names the operator where ONNX Runtime refuses it. */
export async function openSession(graph: Graph, batch: number, threads: number): Promise<Session> {
  const session = await explained(
    'open',
    InferenceSession.create(encodeGraph(graph), {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Spinning threads collapse when several processes share the cores.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      // Failures are thrown, and need not be printed as well.
      logSeverityLevel: 4,
    }),
  );

  return {
    async run(rows, feeds, fetches) {
      for (const [name, data, width] of feeds) {
        if (data.length === rows * width) continue;
        throw new RangeError(`${name} for ${rows} rows needs ${rows * width} numbers; got ${data.length}.`);
      }
      const results = fetches.map(([, width]) => new Float32Array(rows * width));
      const names = fetches.map(([name]) => name);
      for (let from = 0; from < rows; from += batch) {
        const inputs = feeds.map(([name, data, width]) => {
          return [name, new Tensor('float32', batchFrom(data, width, from, batch), [batch, width])];
        });
        const outputs = await explained('run', session.run(Object.fromEntries(inputs), names));
        fetches.forEach(([name, width], i) => {
          const data = outputs[name].data as Float32Array;
          if (data.length !== batch * width) {
            throw new Error(`The model returned ${name} [${outputs[name].dims}]; wanted [${batch},${width}].`);
          }
          results[i].set(data.subarray(0, (Math.min(rows, from + batch) - from) * width), from * width);
        });
      }
      return results;
    },
    close: () => session.release(),
  };
}

/** Rows [from, from + batch), the last one repeated where there are no more: any real row keeps the arithmetic ordinary. */
function batchFrom(data: Float32Array, width: number, from: number, batch: number): Float32Array {
  const end = (from + batch) * width;
  if (end <= data.length) return data.subarray(from * width, end);
  const padded = new Float32Array(batch * width);
  padded.set(data.subarray(from * width));
  for (let at = data.length - from * width; at < padded.length; at += width) padded.set(data.subarray(data.length - width), at);
  return padded;
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
