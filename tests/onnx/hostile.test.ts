// Models made to break the reader: each must end in a ModelError that says what is wrong, quickly and without big allocations.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { encodeGraph, parseOnnx } from '../../lib/onnx/codec.ts';
import { floatConstant, floatsOf, int64Constant, integersOf } from '../../lib/onnx/constants.ts';
import { ModelError } from '../../lib/onnx/error.ts';
import { node } from '../../lib/onnx/node.ts';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  ModelProtoSchema,
  SparseTensorProtoSchema,
  TensorProtoSchema,
  type ModelProto,
  type TensorProto,
} from '../../lib/onnx/onnx_pb.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { MissingDataFile } from '../../lib/onnx/tensors.ts';
import { graphOf, linearModel } from '../models.ts';

const base = encodeGraph(
  graphOf({
    inputs: [['x', [2]]],
    outputs: [['y', [2]]],
    constants: { w: floatConstant([1, 2], [2]) },
    nodes: [node('Add', ['x', 'w'], ['y'])],
  }),
);

function changed(change: (model: ModelProto) => void, bytes = base): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  change(model);
  return toBinary(ModelProtoSchema, model);
}

const weight = (fields: Partial<TensorProto>) =>
  changed(
    (model) => (model.graph!.initializer[0] = create(TensorProtoSchema, { name: 'w', dataType: 1, dims: [2n], ...fields } as TensorProto)),
  );
const external = (entries: Record<string, string>) =>
  weight({ dataLocation: 1, externalData: Object.entries(entries).map(([key, value]) => ({ key, value })) as TensorProto['externalData'] });

describe('graphs', () => {
  const graph = (nodes: ReturnType<typeof node>[]) => encodeGraph(graphOf({ inputs: [['x', [2]]], outputs: [['y', [2]]], nodes }));

  test('a cycle is refused', () => {
    const bytes = graph([node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])]);
    expect(() => parseOnnx(bytes)).toThrow(/cycle through Add "Add_a"/);
  });

  test('a node that reads itself is refused', () => {
    expect(() => parseOnnx(graph([node('Add', ['x', 'y'], ['y'])]))).toThrow(/cycle/);
  });

  test('an input that nothing defines is refused', () => {
    expect(() => parseOnnx(graph([node('Relu', ['ghost'], ['y'])]))).toThrow(
      'Relu "Relu_y" reads "ghost", which nothing in the graph defines.',
    );
  });

  test('a name defined twice is refused', () => {
    expect(() => parseOnnx(graph([node('Relu', ['x'], ['y']), node('Tanh', ['x'], ['y'])]))).toThrow(/already defined/);
  });

  test('an output that nothing defines is refused', () => {
    expect(() => parseOnnx(graph([node('Relu', ['x'], ['z'])]))).toThrow(/output "y" is defined by nothing/);
  });

  test('nodes in any order come out in topological order', () => {
    const bytes = graph([node('Relu', ['b'], ['y']), node('Relu', ['a'], ['b']), node('Relu', ['x'], ['a'])]);
    expect(parseOnnx(bytes).graph.nodes.map(({ outputs }) => outputs[0])).toEqual(['a', 'b', 'y']);
  });

  test('a chain of 20,000 nodes in reverse is sorted at once', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => node('Relu', [i ? `t${i - 1}` : 'x'], [i < 19_999 ? `t${i}` : 'y'])).reverse();
    const started = performance.now();
    expect(parseOnnx(graph(nodes)).graph.nodes[0].inputs).toEqual(['x']);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('subgraphs nested a thousand deep are refused', () => {
    let attribute = new Uint8Array();
    const field = (number: number, payload: Uint8Array) =>
      Uint8Array.from([...varint(number * 8 + 2), ...varint(payload.length), ...payload]);
    for (let depth = 0; depth < 1000; depth++) attribute = field(6, field(1, field(5, attribute)));
    const bytes = Uint8Array.from([...base, ...field(7, field(1, field(5, attribute)))]);
    expect(() => parseOnnx(bytes)).toThrow(/recursion/);
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

describe('tensors', () => {
  test.each([
    ['huge dimensions', weight({ dims: [1_000_000_000_000n], rawData: new Uint8Array(8) }), /has 8 bytes of data; wanted 4000000000000/],
    ['dimensions whose product overflows', weight({ dims: [2n ** 62n, 2n ** 62n], rawData: new Uint8Array(8) }), /has 8 bytes of data/],
    ['negative dimensions', weight({ dims: [-2n], rawData: new Uint8Array(8) }), /wanted none below 0/],
    ['too few values', weight({ floatData: [1] }), /has 1 values; wanted 2/],
    ['too many raw bytes', weight({ rawData: new Uint8Array(12) }), /has 12 bytes of data; wanted 8/],
    ['an unknown element type', weight({ dataType: 16, rawData: new Uint8Array(4) }), /element type 16; wanted one of float32/],
    ['no values at all', weight({}), /has 0 values; wanted 2/],
    ['sparse values', changed((model) => model.graph!.sparseInitializer.push(create(SparseTensorProtoSchema))), /stored sparse/],
  ])('%s are refused', (_, bytes, message) => {
    expect(() => parseOnnx(bytes)).toThrow(ModelError);
    expect(() => parseOnnx(bytes)).toThrow(message);
  });

  test('strings in an attribute are refused; an initializer of strings is kept without its values', () => {
    const strings = { dataType: 8, dims: [2n], stringData: [new Uint8Array(1), new Uint8Array(1)] };
    expect(parseOnnx(weight(strings)).graph.constants.get('w')).toEqual({ type: 'string', dims: [2], bytes: new Uint8Array() });
    const inAttribute = changed((model) => {
      const t = create(TensorProtoSchema, strings);
      model.graph!.node[0].attribute = [create(AttributeProtoSchema, { name: 'value', type: Kind.TENSOR, t })];
    });
    expect(() => parseOnnx(inAttribute)).toThrow(/holds strings/);
  });

  test.each<[string, Partial<TensorProto>, number[]]>([
    ['float_data', { floatData: [1.5, -2] }, [1.5, -2]],
    ['double_data', { dataType: 11, doubleData: [0.25, 3] }, [0.25, 3]],
    ['int64_data', { dataType: 7, int64Data: [2n ** 62n, -5n] }, [Number.MAX_SAFE_INTEGER, -5]],
    ['int32_data as int32', { dataType: 6, int32Data: [7, -8] }, [7, -8]],
    ['int32_data as uint8', { dataType: 2, int32Data: [7, 255] }, [7, 255]],
    ['int32_data as bool', { dataType: 9, int32Data: [1, 0] }, [1, 0]],
    ['int32_data as float16', { dataType: 10, int32Data: [0x3c00, 0xc100] }, [1, -2.5]],
    ['uint64_data as uint32', { dataType: 12, uint64Data: [7n, 4_000_000_000n] }, [7, 4_000_000_000]],
    ['uint64_data', { dataType: 13, uint64Data: [7n, 2n ** 53n] }, [7, Number.MAX_SAFE_INTEGER]],
  ])('values are read from %s', (_, fields, values) => {
    const constant = parseOnnx(weight(fields)).graph.constants.get('w')!;
    const read = constant.type.startsWith('float') ? [...floatsOf(constant)] : integersOf(constant);
    expect(read).toEqual(values);
  });
});

describe('external data', () => {
  const file = new Uint8Array(new Float32Array([9, 8, 7, 6]).buffer);

  test('is a view of the uploaded file', () => {
    const constant = parseOnnx(external({ location: 'w.data', offset: '4', length: '8' }), new Map([['w.data', file]])).graph.constants.get(
      'w',
    )!;
    expect([...floatsOf(constant)]).toEqual([8, 7]);
    expect(constant.bytes.buffer).toBe(file.buffer);
  });

  test.each(['../w.data', '/etc/passwd', 'sub/w.data', 'C:\\w.data', '', 'other.data'])(
    'location "%s" reads nothing but uploaded files',
    (location) => {
      expect(() => parseOnnx(external({ location }), new Map([['w.data', file]]))).toThrow(MissingDataFile);
    },
  );

  test.each([
    [{ offset: '12', length: '8' }, /lies at bytes 12 to 20 of "w.data", which has 16 bytes/],
    [{ offset: '-4' }, /offset "-4"; wanted a whole number/],
    [{ offset: '1e3' }, /offset "1e3"; wanted a whole number/],
    [{ offset: '99999999999999999999' }, /wanted a whole number/],
    [{ length: '12' }, /has 12 bytes of data; wanted 8/],
    [{ length: '0x8' }, /length "0x8"; wanted a whole number/],
  ])('%o is refused', (entries, message) => {
    expect(() => parseOnnx(external({ location: 'w.data', ...entries } as Record<string, string>), new Map([['w.data', file]]))).toThrow(
      message,
    );
  });
});

describe('models', () => {
  test('an attribute of a kind that is not read names its node', () => {
    const bytes = changed((model) => {
      model.graph!.node[0].attribute = [create(AttributeProtoSchema, { name: 'tp', type: Kind.TYPE_PROTO })];
    });
    expect(() => parseOnnx(bytes)).toThrow('Add "Add_y": attribute tp is of kind TYPE_PROTO');
  });

  test('a model without a graph or without an opset is refused', () => {
    expect(() => parseOnnx(new Uint8Array())).toThrow(/holds no graph/);
    expect(() => parseOnnx(changed((model) => (model.opsetImport = [])))).toThrow(/opset_import/);
  });

  test('a small model cut at every length, or with any byte changed, never does worse than a ModelError', () => {
    const survives = (bytes: Uint8Array) => {
      try {
        inferShapes(parseOnnx(bytes).graph, 2);
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
      }
    };
    for (let length = 0; length < base.length; length++) survives(base.subarray(0, length));
    for (let at = 0; at < base.length; at++)
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) survives(Uint8Array.from(base, (byte, i) => (i === at ? value : byte)));
  });

  test('shapes read from hostile constants are refused', () => {
    const reshape = (...shape: number[]) =>
      graphOf({ constants: { s: int64Constant(shape) }, nodes: [node('Reshape', ['x', 's'], ['logits'])] });
    for (const shape of [[-1, -1], [0, 0, 0], [1_000_000, 1_000_000], [-2, 784], Array.from({ length: 5000 }, () => 1)]) {
      expect(() => inferShapes(reshape(...shape), 2), String(shape.slice(0, 3))).toThrow(ModelError);
    }
  });

  test('a long chain of constant arithmetic is computed for a while, then left alone', () => {
    const nodes = Array.from({ length: 1000 }, (_, i) => node('Add', [i ? `f${i - 1}` : 'c', 'c'], [`f${i}`]));
    const { values } = inferShapes(
      graphOf({ inputs: [], outputs: [], constants: { c: int64Constant(Array.from({ length: 1000 }, () => 1)) }, nodes }),
      1,
    );
    expect(integersOf(values.get('f9')!)[0]).toBe(11);
    expect(values.has('f999')).toBe(false);
  });

  test('weights of 40 MB are not copied', () => {
    const model = linearModel().graph;
    const bytes = encodeGraph({ ...model, constants: new Map(model.constants).set('1.w', floatConstant(new Float32Array(1e7), [1e7])) });
    const before = process.memoryUsage();
    const started = performance.now();
    const { graph } = parseOnnx(bytes);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(graph.constants.get('1.w')!.bytes.buffer).toBe(bytes.buffer);
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(1e7);
  });
});
