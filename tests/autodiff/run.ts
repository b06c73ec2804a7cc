// Runs graphs in tests: any shapes, one session, many calls.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import type { Graph } from '../../lib/onnx/graph.ts';

export type Runner = (feeds: Record<string, Float32Array>) => Promise<Record<string, Float32Array>>;

/** A function from the inputs' values to the outputs' values, float32; the graph's input shapes must be concrete. */
export async function runnerOf(graph: Graph): Promise<Runner> {
  const options = { graphOptimizationLevel: 'all', intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await InferenceSession.create(encodeGraph(graph), options);
  return async (feeds) => {
    const inputs = graph.inputs.map(({ name, dims }) => [name, new Tensor('float32', feeds[name], dims as number[])]);
    const outputs = await session.run(Object.fromEntries(inputs));
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
  };
}

/** Norm of the difference over the norm of `wanted`; 0 where both are zero. */
export function relativeError(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < wanted.length; i++) {
    difference += (found[i] - wanted[i]) ** 2;
    norm += wanted[i] ** 2;
  }
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
