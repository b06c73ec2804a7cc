// The matrix product's peak of this machine: one large MatMul in the runtime that the engine uses.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import { node } from '../../lib/onnx/node.ts';
import { graphOf, uniform, weight } from '../models.ts';
import { processorClock } from './clock.ts';

const size = 768;

/** Opens a measurement: each call returns floating-point operations per second of processor time over at least `seconds`. */
export async function openPeak(): Promise<(seconds: number) => Promise<number>> {
  const graph = graphOf({
    inputs: [['a', [size, size]]],
    outputs: [['c', [size, size]]],
    constants: { b: weight(2, [size, size]) },
    nodes: [node('MatMul', ['a', 'b'], ['c'])],
  });
  const session = await InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = { a: new Tensor('float32', uniform(1, size * size), [size, size]) };
  await session.run(feeds);
  return async (seconds) => {
    const elapsedSince = processorClock();
    for (let runs = 1; ; runs++) {
      await session.run(feeds);
      const elapsed = elapsedSince();
      if (elapsed >= seconds) return (2 * size ** 3 * runs) / elapsed;
    }
  };
}
