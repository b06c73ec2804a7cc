// Local functions and Ifs: inlined to the same model, and refused where they would never end or depend on the image.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encodeGraph, parseOnnx } from '../../lib/onnx/codec.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Graph, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import {
  AttributeProto_AttributeType as Kind, AttributeProtoSchema, FunctionProtoSchema, ModelProtoSchema, NodeProtoSchema,
  type FunctionProto, type NodeProto,
} from '../../lib/onnx/onnx_pb.ts';
import { toCanonicalOpset } from '../../lib/onnx/opset.ts';
import { graphOf } from '../models.ts';

const call = (opType: string, input: string[], output: string[], domain = 'local') =>
  create(NodeProtoSchema, { opType, domain, name: opType, input, output });
const plain = (opType: string, input: string[], output: string[]) => call(opType, input, output, '');

function local(name: string, input: string[], output: string[], body: NodeProto[], attribute: string[] = []): FunctionProto {
  return create(FunctionProtoSchema, {
    name, domain: 'local', input, output, node: body, attribute,
    opsetImport: [{ domain: '', version: 20n }, { domain: 'local', version: 1n }],
  });
}

function modelWith(functions: FunctionProto[], nodes: NodeProto[]): Uint8Array {
  const bare = graphOf({ inputs: [['x', [3]]], outputs: [['y', [3]]], constants: { two: floatConstant([2], []) }, nodes: [] });
  const model = fromBinary(ModelProtoSchema, encodeGraph(bare));
  model.graph!.node = nodes;
  model.functions = functions;
  model.opsetImport.push({ ...model.opsetImport[0], domain: 'local', version: 1n });
  return toBinary(ModelProtoSchema, model);
}

async function run(bytes: Uint8Array): Promise<number[]> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const { y } = await session.run({ x: new ort.Tensor('float32', [-1.5, 0.25, 4], [3]) });
  await session.release();
  return [...(y.data as Float32Array)];
}

describe('local functions', () => {
  test('nested, with names that clash, attributes handed on and outputs passed through, are inlined', async () => {
    const leaky = plain('LeakyRelu', ['t'], ['u']);
    leaky.attribute = [create(AttributeProtoSchema, { name: 'alpha', type: Kind.FLOAT, refAttrName: 'slope' })];
    const inner = local('Inner', ['a', 'b'], ['u', 'a'], [plain('Mul', ['a', 'b'], ['t']), leaky], ['slope']);
    const innerCall = call('Inner', ['a', 'two'], ['t', 'same']);
    innerCall.attribute = [create(AttributeProtoSchema, { name: 'slope', type: Kind.FLOAT, f: 0.5 })];
    const outer = local('Outer', ['a', 'two'], ['y'], [innerCall, plain('Add', ['t', 'same'], ['y'])]);
    const bytes = modelWith([inner, outer], [call('Outer', ['x', 'two'], ['t']), call('Outer', ['t', 'two'], ['y'])]);
    const { graph } = parseOnnx(bytes);
    expect(graph.nodes.every(({ domain }) => domain === '')).toBe(true);
    expect(graph.nodes.filter(({ op }) => op === 'LeakyRelu').map((each) => each.attributes.alpha)).toEqual(
      [1, 2].map(() => ({ kind: 'float', value: 0.5 })),
    );
    // Twice 2x (halved below 0) + x.
    expect(await run(encodeGraph(graph))).toEqual([-6, 2.25, 36]);
  });

  test('an attribute that the call leaves out is left to the operator', () => {
    const leaky = plain('LeakyRelu', ['a'], ['u']);
    leaky.attribute = [create(AttributeProtoSchema, { name: 'alpha', type: Kind.FLOAT, refAttrName: 'slope' })];
    const { graph } = parseOnnx(modelWith([local('F', ['a'], ['u'], [leaky], ['slope'])], [call('F', ['x'], ['y'])]));
    expect(graph.nodes[0].attributes).toEqual({});
  });

  test.each([
    ['double', (i: number) => [call(`F${i - 1}`, ['a'], ['t']), call(`F${i - 1}`, ['t'], ['b'])]],
    ['double and leave nothing', (i: number) => [call(`F${i - 1}`, ['a'], ['t']), call(`F${i - 1}`, ['a'], ['b'])]],
  ])('functions that %s at every level are refused at once', (_, body) => {
    const nest = Array.from({ length: 30 }, (__, i) => local(`F${i}`, ['a'], ['b'], i ? body(i) : [plain('Relu', ['a'], ['b'])]));
    const before = process.cpuUsage();
    expect(() => parseOnnx(modelWith(nest, [call('F29', ['x'], ['y'])]))).toThrow(/expand to more than 20000 nodes/);
    // Of the processor's time: on a busy machine the clock says nothing.
    const { user } = process.cpuUsage(before);
    expect(user / 1000, 'ms').toBeLessThan(2000);
  });

  test('a function that calls itself is refused', () => {
    const self = local('F', ['a'], ['b'], [call('F', ['a'], ['b'])]);
    expect(() => parseOnnx(modelWith([self], [call('F', ['x'], ['y'])]))).toThrow(/more than 32 deep, or itself/);
  });

  test('a function of another opset is refused', () => {
    const other = local('F', ['a'], ['b'], [plain('Relu', ['a'], ['b'])]);
    other.opsetImport[0].version = 13n;
    const bytes = () => parseOnnx(modelWith([other], [call('F', ['x'], ['y'])]));
    expect(bytes).toThrow(/written for opset 13, the model for opset 20/);
  });
});

const branch = (nodes: Node[], output: string): { kind: 'graph'; value: Graph } => ({
  kind: 'graph',
  value: { ...graphOf({ inputs: [], outputs: [[output, []]], nodes, constants: { k: floatConstant([3], []) } }), name: output },
});

describe('If', () => {
  const one = int64Constant([1]);
  const decided = (then: string) =>
    graphOf({
      inputs: [['x', [3]]],
      outputs: [['y', [3]]],
      constants: { one, k: floatConstant([5], []) },
      nodes: [
        node('Shape', ['x'], ['shape']),
        node('Equal', ['shape', 'one'], ['alone']),
        node('If', ['alone'], ['y'], {
          then_branch: branch([node('Relu', ['x'], ['z'])], then),
          else_branch: branch([node('Mul', ['x', 'k'], ['m']), node('Add', ['m', 'k'], ['z'])], 'z'),
        }),
      ],
    });

  test('that is decided by a size is replaced by its branch, whose names are its own', async () => {
    const graph = decided('z');
    const taken = toCanonicalOpset(graph, 20, 1);
    expect(taken.nodes.map(({ op }) => op)).toEqual(['Shape', 'Equal', 'Mul', 'Add']);
    expect(await run(encodeGraph(taken))).toEqual([-1.5, 0.25, 4].map((x) => 3 * x + 3));
  });

  test('whose branch hands over an outer tensor hands it over', async () => {
    const graph = decided('x');
    const flipped = { ...graph, constants: new Map(graph.constants).set('one', int64Constant([3])) };
    expect(await run(encodeGraph(toCanonicalOpset(flipped, 20, 1)))).toEqual([-1.5, 0.25, 4]);
  });

  test('that depends on the image is refused with what to do', () => {
    const graph = decided('z');
    const nodes = [node('ReduceMax', ['x'], ['top'], { keepdims: 0 }), node('Greater', ['top', 'k'], ['alone']), graph.nodes[2]];
    expect(() => toCanonicalOpset({ ...graph, nodes }, 20, 1)).toThrow(/decides by the image.*torch.where/);
  });
});
