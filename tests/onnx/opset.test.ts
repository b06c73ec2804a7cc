// Nodes in the form of older opsets: ONNX Runtime runs them as they are and converted, and must give the same.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import { constantOf, int64Constant, floatConstant } from '../../lib/onnx/constants.ts';
import type { Constant, Graph, Node } from '../../lib/onnx/graph.ts';
import { float, node } from '../../lib/onnx/node.ts';
import { ModelProtoSchema, OperatorSetIdProtoSchema } from '../../lib/onnx/onnx_pb.ts';
import { toCanonicalOpset } from '../../lib/onnx/opset.ts';
import { sizeOf } from '../../lib/tensor.ts';
import { graphOf, uniform } from '../models.ts';

function atOpset(graph: Graph, opset: number): Uint8Array {
  const model = fromBinary(ModelProtoSchema, encodeGraph(graph));
  model.opsetImport = [create(OperatorSetIdProtoSchema, { version: BigInt(opset) })];
  return toBinary(ModelProtoSchema, model);
}

async function run(bytes: Uint8Array, dims: readonly number[]) {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const results = await session.run({ x: new ort.Tensor('float32', uniform(3, sizeOf(dims)), dims) });
  await session.release();
  return session.outputNames.map((name) => ({ dims: results[name].dims, data: [...results[name].data].map(Number) }));
}

type Old = [opset: number, dims: number[], node: Node, constants?: Record<string, Constant>];

/** Both directions from given states, one from zero without biases, and backwards with other activations. */
function recurrent(op: 'LSTM' | 'GRU' | 'RNN', gates: number, more: Record<string, number>): Old[] {
  const random = (seed: number, ...dims: number[]) => floatConstant(uniform(seed, sizeOf(dims)), dims);
  const weights = (d: number) => ({ w: random(4, d, gates * 5, 3), r: random(5, d, gates * 5, 5), b: random(6, d, gates * 10) });
  const outputs = op === 'LSTM' ? ['y', 'h', 'c'] : ['y', 'h'];
  const states = op === 'LSTM' ? ['h0', 'c0'] : ['h0'];
  const other = { LSTM: ['Sigmoid', 'Relu', 'Tanh'], GRU: ['Sigmoid', 'Relu'], RNN: ['Relu'] }[op];
  const both = { ...weights(2), h0: random(7, 2, 2, 5), c0: random(8, 2, 2, 5) };
  const { b, ...plain } = weights(1);
  const attributes = { hidden_size: 5, ...more };
  return [
    [14, [4, 2, 3], node(op, ['x', 'w', 'r', 'b', '', ...states], outputs, { ...attributes, direction: 'bidirectional' }), both],
    [14, [4, 2, 3], node(op, ['x', 'w', 'r'], ['', 'h'], attributes), plain],
    [
      7, [4, 2, 3],
      node(op, ['x', 'w', 'r', 'b'], ['y'], { ...attributes, direction: 'reverse', activations: { kind: 'strings', value: other } }),
      { ...plain, b },
    ],
  ];
}

const old: Old[] = [
  [11, [2, 3, 4, 5], node('Softmax', ['x'], ['y'])],
  [11, [2, 3, 4, 5], node('Softmax', ['x'], ['y'], { axis: 2 })],
  [12, [2, 3, 4, 5], node('Softmax', ['x'], ['y'], { axis: -1 })],
  [12, [2, 3, 4, 5], node('LogSoftmax', ['x'], ['y'], { axis: -2 })],
  [9, [2, 3], node('LogSoftmax', ['x'], ['y'], { axis: 0 })],
  [7, [2, 3], node('Softmax', ['x'], ['y'])],
  [13, [2, 3, 4], node('Softmax', ['x'], ['y'])],
  [11, [2, 3, 4], node('Hardmax', ['x'], ['y'])],
  [10, [2, 3], node('Clip', ['x'], ['y'], { min: float(-0.5), max: float(0.5) })],
  [7, [2, 3], node('Clip', ['x'], ['y'], { max: float(0.25) })],
  [9, [2, 3], node('Pad', ['x'], ['y'], { pads: [1, 0, 0, 2], value: float(3) })],
  [10, [1, 1, 4, 4], node('Pad', ['x'], ['y'], { pads: [0, 0, 1, 1, 0, 0, 2, 1], mode: 'reflect' })],
  [9, [4, 5, 6], node('Slice', ['x'], ['y'], { starts: [1, -3], ends: [3, 1000], axes: [0, 2] })],
  [7, [4, 5], node('Slice', ['x'], ['y'], { starts: [1], ends: [-1] })],
  [11, [2, 1, 3, 1], node('Squeeze', ['x'], ['y'], { axes: [1] })],
  [12, [2, 1, 3, 1], node('Squeeze', ['x'], ['y'])],
  [11, [2, 3], node('Unsqueeze', ['x'], ['y'], { axes: [0, 3] })],
  [17, [2, 3, 4], node('ReduceMean', ['x'], ['y'], { axes: [1, 2], keepdims: 0 })],
  [17, [2, 3, 4], node('ReduceMax', ['x'], ['y'])],
  [12, [2, 3, 4], node('ReduceSum', ['x'], ['y'], { axes: [-1] })],
  [13, [2, 3, 4], node('ReduceSum', ['x', 'axes'], ['y']), { axes: int64Constant([1]) }],
  [11, [2, 6], node('Split', ['x'], ['y', 'z'], { axis: 1, split: [2, 4] })],
  [13, [2, 6], node('Split', ['x'], ['y', 'z'], { axis: 1 })],
  [9, [2, 3], node('Dropout', ['x'], ['y'], { ratio: float(0.4) })],
  [13, [2, 3], node('Dropout', ['x', 'ratio'], ['y']), { ratio: floatConstant([0.4], []) }],
  [9, [2, 5], node('TopK', ['x'], ['y', 'z'], { k: 2 })],
  [
    7,
    [2, 2, 3, 3],
    node('BatchNormalization', ['x', 'a', 'b', 'a', 'v'], ['y'], { spatial: 1 }),
    { a: floatConstant([1, 2], [2]), b: floatConstant([0.5, -0.5], [2]), v: floatConstant([1, 4], [2]) },
  ],
  [
    9,
    [2, 3],
    node('Scatter', ['x', 'at', 'to'], ['y'], { axis: 1 }),
    { at: int64Constant([0, 2], [2, 1]), to: floatConstant([9, 8], [2, 1]) },
  ],
  [23, [2, 3], node('Relu', ['x'], ['y'])],
  [7, [1, 2, 3, 4], node('Upsample', ['x'], ['y'], { scales: { kind: 'floats', value: [1, 1, 2, 3] } })],
  [9, [1, 2, 3, 4], node('Upsample', ['x', 's'], ['y'], { mode: 'linear' }), { s: floatConstant([1, 1, 2, 2], [4]) }],
  [10, [1, 2, 3, 4], node('Resize', ['x', 's'], ['y']), { s: floatConstant([1, 1, 1.5, 2], [4]) }],
  [10, [1, 2, 6, 8], node('Resize', ['x', 's'], ['y']), { s: floatConstant([1, 1, 0.5, 0.4], [4]) }],
  [10, [1, 2, 6, 8], node('Resize', ['x', 's'], ['y'], { mode: 'linear' }), { s: floatConstant([1, 1, 0.5, 0.75], [4]) }],
  [
    11,
    [1, 2, 3, 4],
    node('Resize', ['x', 'roi', 's', 'to'], ['y'], { mode: 'cubic', coordinate_transformation_mode: 'align_corners' }),
    { roi: floatConstant([], [0]), s: floatConstant([], [0]), to: int64Constant([1, 2, 5, 7]) },
  ],
  [
    21,
    [2, 4, 3, 3],
    node('GroupNormalization', ['x', 'a', 'b'], ['y'], { num_groups: 2, epsilon: float(0.1) }),
    { a: floatConstant([1, 2, 3, 4], [4]), b: floatConstant([0.5, -0.5, 0, 1], [4]) },
  ],
  [23, [2, 3, 4], node('RMSNormalization', ['x', 'a'], ['y'], { epsilon: float(0.1) }), { a: floatConstant([1, 2, 3, 4], [4]) }],
  ...recurrent('LSTM', 4, {}), ...recurrent('GRU', 3, { linear_before_reset: 1 }), ...recurrent('GRU', 3, {}),
  ...recurrent('RNN', 1, {}),
  [23, [2, 3, 4, 6], node('Attention', ['x', 'x', 'x'], ['y'])],
  [
    23, [2, 4, 6],
    node('Attention', ['x', 'x', 'x', 'm'], ['y'], { q_num_heads: 3, kv_num_heads: 3, scale: float(2) }),
    { m: floatConstant(uniform(7, 16), [4, 4]) },
  ],
  [
    23, [2, 4, 6],
    node('Attention', ['x', 'x', 'x', 'm'], ['y'], { q_num_heads: 2, kv_num_heads: 2 }),
    { m: constantOf('bool', Array.from({ length: 16 }, (_, i) => Number(i % 4 <= i / 4)), [4, 4]) },
  ],
  [23, [2, 3, 4, 6], node('Attention', ['x', 'x', 'x'], ['y'], { is_causal: 1, softcap: float(0.5) })],
  [
    23, [2, 4, 6],
    node('Attention', ['x', 'k', 'k', 'm'], ['y'], { q_num_heads: 6, kv_num_heads: 2, is_causal: 1 }),
    { k: floatConstant(uniform(8, 2 * 5 * 2), [2, 5, 2]), m: floatConstant(uniform(7, 20), [4, 5]) },
  ],
  [
    23, [2, 4, 3, 6], node('Attention', ['x', 'k', 'k'], ['y']), { k: floatConstant(uniform(8, 2 * 2 * 5 * 6), [2, 2, 5, 6]) },
  ],
  [24, [2, 3], node('Swish', ['x'], ['y'], { alpha: float(2) })],
];

describe('conversion to the canonical opset', () => {
  test.each(old)('opset %d, input [%s], %o', async (opset, dims, each, constants) => {
    const graph = graphOf({ inputs: [['x', dims]], outputs: [], constants, nodes: [each] });
    const withOutputs = (source: Graph, typed: Graph) => ({ ...source, outputs: typed.outputs });
    const types = {
      ...graph,
      outputs: each.outputs.filter((name) => name !== '').map((name) => ({
        name,
        type: name === 'z' && each.op === 'TopK' ? ('int64' as const) : ('float32' as const),
        dims: [],
      })),
    };
    const bare = (source: Graph, version: number) => withoutShapes(atOpset(withOutputs(source, types), version));
    const found = await run(bare(toCanonicalOpset(graph, opset, 2), 20), dims);
    const wanted = await run(bare(graph, opset), dims);
    expect(found.map((output) => output.dims)).toEqual(wanted.map((output) => output.dims));
    found.forEach(({ data }, i) => data.forEach((value, at) => expect(value).toBeCloseTo(wanted[i].data[at], 6)));
  });

  test.each([
    [6, 'opset 6'],
    [99, 'opset 99'],
  ])('opset %d is refused with what to do', (opset, found) => {
    const graph = graphOf({ nodes: [node('Relu', ['x'], ['logits'])] });
    expect(() => toCanonicalOpset(graph, opset, 2)).toThrow(
      new RegExp(`${found}; wanted one in \\[7, 26\\]. Export it with opset_version=20`),
    );
  });

  test('a name that a conversion wants and the model has is left to the model', () => {
    const graph = graphOf({
      inputs: [['x', [2, 1]]],
      outputs: [['y', [null]]],
      constants: { y_axes: floatConstant([1], []) },
      nodes: [node('Mul', ['x', 'y_axes'], ['m']), node('Squeeze', ['m'], ['y'], { axes: [1] })],
    });
    const converted = toCanonicalOpset(graph, 11, 2);
    expect(converted.nodes[1].inputs).toEqual(['m', 'y_axes_1']);
    expect(converted.constants.get('y_axes')).toEqual(floatConstant([1], []));
  });
});

/** Outputs typed but without a shape, so that the runtime works out its own. */
function withoutShapes(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  for (const output of model.graph!.output) output.type!.tensorType!.shape = undefined;
  return toBinary(ModelProtoSchema, model);
}
