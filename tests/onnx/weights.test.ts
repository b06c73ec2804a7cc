// The fingerprint of weights: blind to names, order and transposition, and to nothing else.
import { expect, test } from 'vitest';
import { constantOf } from '../../lib/onnx/constants.ts';
import type { Constant, Graph } from '../../lib/onnx/graph.ts';
import { weightsHash } from '../../lib/onnx/weights.ts';

const graphWith = (constants: Record<string, Constant>): Graph => ({ name: 'g', inputs: [], outputs: [], nodes: [], constants: new Map(Object.entries(constants)) });
const values = (seed: number) => Array.from({ length: 48 }, (_, i) => Math.sin(seed * 100 + i));
const matrix = (of: number[], dims = [6, 8]) => constantOf('float32', of, dims);
const transposed = (of: number[]) => Array.from({ length: 48 }, (_, i) => of[(i % 6) * 8 + Math.floor(i / 6)]);

test('names, order, transposition and small constants make no other fingerprint', () => {
  const one = weightsHash(graphWith({ a: matrix(values(1)), b: matrix(values(2)) }));
  const other = graphWith({ x: matrix(values(2)), epsilon: matrix([1e-5], [1]), y: matrix(transposed(values(1)), [8, 6]) });
  expect(weightsHash(other)).toBe(one);
});

test('one changed value makes another, and without weights there is none', () => {
  const changed = values(1).with(7, 0.25);
  expect(weightsHash(graphWith({ a: matrix(changed) }))).not.toBe(weightsHash(graphWith({ a: matrix(values(1)) })));
  expect(weightsHash(graphWith({ epsilon: matrix([1], [1]) }))).toBeNull();
});
