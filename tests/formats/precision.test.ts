// Models in float16 and float64: taken, computed in float32, and said so.
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
import { canonicalise } from '../../lib/formats/canonical.ts';
import { decodeModel, encodeGraph, encodeModel } from '../../lib/onnx/codec.ts';
import { constantOf, floatConstant, floatsOf, halfToNumber } from '../../lib/onnx/constants.ts';
import type { Constant, ElementType, Graph, Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { graphOf, uniform } from '../models.ts';

const sixteen = Uint16Array.from({ length: 7840 }, (_, i) => ((i % 3 ? 0x8000 : 0) | 0x2400) + ((i * 37) % 1024));
const half: Constant = { type: 'float16', dims: [784, 10], bytes: new Uint8Array(sixteen.buffer) };

/** x W in the given precision, cast back to float32 where the input was. */
function modelIn(type: ElementType, number: number, w: Constant, cast: boolean): Graph {
  const ends = cast
    ? { first: [node('Cast', ['image'], ['a'], { to: number })], from: 'a', to: 'b', last: [node('Cast', ['b'], ['out'], { to: 1 })] }
    : { first: [], from: 'image', to: 'out', last: [] };
  return graphOf({
    inputs: [['image', [null, 784], cast ? 'float32' : type]],
    outputs: [['out', [null, 10], cast ? 'float32' : type]],
    constants: { w },
    nodes: [...ends.first, node('MatMul', [ends.from, 'w'], [ends.to]), ...ends.last],
  });
}

async function logitsOf({ graph }: Model): Promise<number[]> {
  const session = await ort.InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1 });
  const { logits } = await session.run({ x: new ort.Tensor('float32', uniform(9, 1568, 0, 1), [2, 784]) });
  await session.release();
  return [...(logits.data as Float32Array)];
}

const double = constantOf('float64', [...floatsOf(half)], [784, 10]);
const forms = [
  ['float16', 10, half, false], ['float16', 10, half, true], ['float64', 11, double, false], ['float64', 11, double, true],
] as const;

describe('precision', () => {
  test.each(forms)('%s runs as float32, with a note and a gradient', async (type, number, w, cast) => {
    const plain = canonicalise(modelIn('float32', 1, floatConstant(floatsOf(half), [784, 10]), false), 20);
    const model = decodeModel(encodeModel(canonicalise(modelIn(type, number, w, cast), 20)));
    expect(await logitsOf(model)).toEqual(await logitsOf(plain));
    const report = reportOf(model);
    expect(report.notes).toContain(`The model was exported with ${type} numbers; everything is computed in float32.`);
    expect(report.operatorsWithoutGradient).toEqual([]);
    expect(reportOf(plain).notes).toEqual([]);
  });

  test('half precision bits are read as they are meant', () => {
    expect([0x3c00, 0xc100, 0x0001, 0x7c00, 0x7bff].map(halfToNumber)).toEqual([1, -2.5, 2 ** -24, Number.POSITIVE_INFINITY, 65504]);
  });

  test('a float64 number beyond float32 is refused with its tensor', () => {
    const values = Array.from({ length: 7840 }, (_, i) => (i === 77 ? 1e300 : 0));
    const graph = modelIn('float64', 11, constantOf('float64', values, [784, 10]), false);
    expect(() => canonicalise(graph, 20)).toThrow(/"w" holds 1e\+300 in float64, which float32 cannot hold/);
  });
});
