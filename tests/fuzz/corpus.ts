// The hostile files that are kept: by name, how each is made, and what must be said of it. What the fuzzer finds gets a row here.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { readFileSync } from 'node:fs';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import {
  AttributeProto_AttributeType as Kind, AttributeProtoSchema, ModelProtoSchema, StringStringEntryProtoSchema, TensorProtoSchema, TensorProto_DataLocation, type ModelProto, type TensorProto,
} from '../../lib/onnx/onnx_pb.ts';
import { savedModel } from '../formats/keras.ts';
import { zipOf } from '../formats/zip.ts';
import { mlpModel } from '../models.ts';
import { Dice } from './dice.ts';
import { between, growths, node } from './onnx-growth.ts';
import type { Reader } from './sources.ts';

/** `says`: a problem's code and what was found, or `taken`, or what the reader of something else says. */
export type Kept = { files: () => UploadedFile[]; says: RegExp; reader?: Reader };

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const mlp = () => fromBinary(ModelProtoSchema, encodeGraph(mlpModel(1, 4).graph));
const exported = (name: string) => fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(new URL(`../reference/exported/${name}`, import.meta.url))));

/** An ONNX upload: a model, changed. */
const onnx = (change: (model: ModelProto, dice: Dice) => unknown, source: () => ModelProto = mlp) => (): UploadedFile[] => {
  const model = source();
  change(model, new Dice(1));
  return [{ name: 'model.onnx', bytes: toBinary(ModelProtoSchema, model) }];
};

/** One more node, which the first layer reads instead of the image. */
const first = (opType: string, input: string[], attributes: Parameters<typeof node>[3] = [], constants: Parameters<typeof create<typeof TensorProtoSchema>>[1][] = []) =>
  onnx((model) => {
    model.graph!.initializer.push(...constants.map((each) => create(TensorProtoSchema, each)));
    model.graph!.node.unshift(node(opType, input, ['new'], attributes));
    model.graph!.node[1].input[0] = 'new';
  });

const text = (name: string, value: string) => create(AttributeProtoSchema, { name, type: Kind.STRING, s: bytesOf(value) });
const weights = (change: (tensor: TensorProto) => unknown) => onnx((model) => change(model.graph!.initializer[0]));
const outside = (location: string, more: Record<string, string> = {}) => weights((tensor) => {
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.rawData = new Uint8Array();
  tensor.externalData = Object.entries({ location, ...more }).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
});
const lstm = (change: (layer: ReturnType<typeof node>) => unknown) =>
  onnx((model) => change(model.graph!.node.find(({ opType }) => opType === 'LSTM')!), () => exported('pytorch/torch2.15-lstm.onnx'));
const tfjs = (change: (json: string) => string) => (): UploadedFile[] =>
  savedModel('tfjs/old-branches').map(({ name, bytes }) => ({ name, bytes: name.endsWith('.json') ? bytesOf(change(Buffer.from(bytes).toString())) : bytes }));
const int64 = (name: string, values: bigint[], dims = [BigInt(values.length)]) => ({ name, dataType: 7, dims, rawData: new Uint8Array(BigInt64Array.from(values).buffer) });

export const corpus: Record<string, Kept> = {
  'an LSTM with more outputs than there are': { files: lstm((layer) => layer.output.push('a', 'b', 'c')), says: /^bad-graph: .*at most 3 outputs/ },
  'an LSTM in the direction of every object': { files: lstm((layer) => layer.attribute.push(text('direction', 'constructor'))), says: /^bad-graph: .*a direction that ONNX knows/ },
  'a normaliser by the norm of every object': { files: onnx((model) => {
    between(model, new Dice(1), (from, to) => [{ ...node('Normalizer', [from], [to], [text('norm', 'constructor')]), domain: 'ai.onnx.ml' }]);
  }), says: /^bad-graph: .*wanted L1, L2 or MAX/ },
  'a Resize by scales that are no numbers': { files: first('Resize', ['x', '', 'scales'], [], [{ name: 'scales', dataType: 1, dims: [2n], floatData: [Number.NaN, 1] }]), says: /^bad-graph: / },
  'a layer normalisation with the scale of another layer': { files: first('LayerNormalization', ['x', 'scale'], [], [{ name: 'scale', dataType: 1, dims: [10n], floatData: Array.from({ length: 10 }, () => 1) }]), says: /^bad-graph: .*a scale and a bias that broadcast/ },
  'a constant of 10^12 elements': { files: first('ConstantOfShape', ['sizes'], [], [int64('sizes', [1n, 10n ** 12n])]), says: /^bad-graph: Gemm .*1000000000000/ },
  'an Expand to 2^63 - 1': { files: first('Expand', ['x', 'sizes'], [], [int64('sizes', [2n ** 63n - 1n, 1n, 784n])]), says: /^(bad-graph|big-tensor): / },
  'a Tile that leaves the numbers behind': { files: onnx((model) => between(model, new Dice(1), (from, to, graph) => {
    graph.initializer.push(create(TensorProtoSchema, int64('repeats', [2n ** 40n, 2n ** 40n])));
    return [node('Tile', [from, 'repeats'], ['t']), node('Tile', ['t', 'repeats'], [to])];
  })), says: /^bad-graph: .*has no size at its axis/ },
  'a Pad by less than nothing': { files: first('Pad', ['x', 'pads'], [], [int64('pads', [0n, -(2n ** 53n), 0n, 0n])]), says: /^bad-graph: / },
  'a split in thirty thousand': { files: onnx((model) => {
    model.graph!.node.unshift(node('Split', ['x'], ['new', ...Array.from({ length: 30_000 }, (_, i) => `p${i}`)]));
    model.graph!.node[1].input[0] = 'new';
  }), says: /^bad-graph: .{10,1190}$/ },
  'a Loop': { files: onnx((model, dice) => growths.Loop(model, dice)), says: /^(loop|bad-graph|unknown-operators): / },
  'functions that call each other': { files: onnx((model, dice) => growths.functions(model, dice)), says: /^bad-onnx: .*(more than|calls functions)/ },
  'one stretch of bytes as a thousand tensors': { files: () => {
    const [{ name, bytes }] = onnx((model) => {
      const external = { location: 'data', offset: '0', length: '1000000' };
      const entries = Object.entries(external).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
      model.graph!.initializer.push(...Array.from({ length: 1000 }, (_, i) => create(TensorProtoSchema, {
        name: `shared${i}`, dataType: 10, dims: [500_000n], dataLocation: TensorProto_DataLocation.EXTERNAL, externalData: entries,
      })));
    })();
    return [{ name, bytes }, { name: 'data', bytes: new Uint8Array(1_000_000) }];
  }, says: /^too-big: The model's weights take 1908 MB in float32/ },
  'dimensions of 2^63 - 1': { files: weights((tensor) => (tensor.dims = [2n ** 63n - 1n, 2n ** 63n - 1n])), says: /^bad-onnx: / },
  'fewer weights than dimensions say': { files: weights((tensor) => (tensor.rawData = tensor.rawData.slice(4))), says: /^bad-onnx: .*The file may be cut off/ },
  'strings for weights': { files: weights((tensor) => (tensor.dataType = 8)), says: /^strings: / },
  'complex weights': { files: weights((tensor) => (tensor.dataType = 14)), says: /^bad-onnx: .*element type 14/ },
  'bfloat16 weights': { files: weights((tensor) => (tensor.dataType = 16)), says: /^bad-onnx: .*element type 16/ },
  'weights that are no numbers': { files: weights((tensor) => (tensor.rawData = new Uint8Array(tensor.rawData.length).fill(0xff))), says: /^taken/ },
  'external data above the upload': { files: outside('../../etc/passwd'), says: /^data-file-missing: .*"..\/..\/etc\/passwd", which was not uploaded/ },
  'external data at an absolute path': { files: outside('/etc/passwd'), says: /^data-file-missing: / },
  'external data in a device': { files: outside('/dev/zero'), says: /^data-file-missing: / },
  'external data under a name with a zero byte': { files: outside('a\0b'), says: /^data-file-missing: .*"ab"/ },
  'external data by a name of a megabyte': { files: outside('n'.repeat(1_000_000)), says: /^data-file-missing: .{10,400}$/ },
  'a cycle': { files: onnx((model) => (model.graph!.node[0].input[0] = model.graph!.node[0].output[0])), says: /^bad-onnx: .*cycle/ },
  'a name twice': { files: onnx((model) => (model.graph!.node[1].output[0] = model.graph!.node[0].output[0])), says: /^bad-onnx: .*already defined/ },
  'names of every object': { files: onnx((model) => { for (const each of model.graph!.node) each.name = '__proto__'; }), says: /^taken/ },
  'names with controls': { files: onnx((model) => { for (const each of model.graph!.node) each.name = 'a\0b\u001b[31m\u202e'; }), says: /^taken/ },
  'an operator of every object': { files: first('constructor', ['x']), says: /^unknown-operators: .*constructor/ },
  'no opset': { files: onnx((model) => (model.opsetImport = [])), says: /^bad-onnx: .*opset_import/ },
  'a domain nobody knows': { files: onnx((model) => (model.graph!.node[0].domain = 'evil.example')), says: /^unknown-operators: .*evil\.example/ },
  'Ifs sixty deep': { files: onnx((model, dice) => {
    for (let i = 0; i < 200 && model.graph!.node.every(({ opType }) => opType !== 'If'); i++) growths.If(model, dice);
  }), says: /^(taken|bad-graph|bad-onnx)/ },
  'JSON 100,000 deep': { files: tfjs((json) => json.replace('{', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},`)), says: /./ },
  'JSON with a prototype': { files: tfjs((json) => json.replace('{', '{"__proto__":{"weightsManifest":[]},')), says: /^taken/ },
  'numbers beyond all numbers': { files: tfjs((json) => json.replace(/"units": ?\d+/, '"units":1e999')), says: /^[a-z-]+: / },
  'a Keras file that ends early': { files: () => savedModel('branches.h5').map(({ name, bytes }) => ({ name, bytes: bytes.slice(0, bytes.length / 2) })), says: /^bad-hdf5: .*(damaged|leads out of the file)/ },
  'a Keras file whose structure points at itself': { files: () => savedModel('branches.h5').map(({ name, bytes }) => {
    const file = Buffer.from(bytes);
    for (let at = file.indexOf('SNOD'); at >= 0; at = file.indexOf('SNOD', at + 1)) file.writeBigUInt64LE(BigInt(file.indexOf('TREE')), at + 16);
    return { name, bytes: new Uint8Array(file) };
  }), says: /^bad-hdf5: / },
  'a zip within a zip': { files: () => [{ name: 'a.zip', bytes: zipOf([{ name: 'b.zip', bytes: zipOf([{ name: 'c.zip', bytes: zipOf([]) }]) }]) }], says: /^nested-zip: / },
  'a Resize whose antialiasing is a list': { files: onnx((model) => {
    for (const { attribute } of model.graph!.node.filter(({ opType }) => opType === 'Resize')) {
      for (const each of attribute.filter(({ name }) => name === 'antialias')) Object.assign(each, { type: Kind.FLOATS, floats: [1] });
    }
  }, () => exported('pytorch/torch2.15-antialiased.onnx')), says: /^bad-graph: Resize .*antialias is of kind floats; wanted int/ },
  'a linear classifier of one row': { files: onnx((model) => {
    model.graph!.initializer.push(create(TensorProtoSchema, { name: 'row', dataType: 1, dims: [784n], floatData: Array.from({ length: 784 }, () => 0) }));
    model.graph!.node.find(({ opType }) => opType === 'LinearClassifier')!.input[0] = 'row';
  }, () => exported('sklearn/logistic.onnx')), says: /^bad-graph: .*LinearClassifier" reads \[784\]; wanted a matrix of features/ },
  'a LogSoftmax along two axes': { files: onnx((model) => {
    const graph = model.graph!;
    graph.node.push(node('LogSoftmax', [graph.output[0].name], ['last'], [create(AttributeProtoSchema, { name: 'axis', type: Kind.INTS, ints: [1n, 2n] })]));
    graph.output[0].name = 'last';
  }), says: /^bad-graph: LogSoftmax .*axis is of kind ints; wanted int/ },
  'a product of one': { files: first('Mul', ['x']), says: /^bad-graph: Mul .*wanted two inputs/ },
  'a fixed batch of 10^12 images': {
    files: onnx((model) => (model.graph!.input[0].type!.tensorType!.shape!.dim[0].value = { case: 'dimValue', value: 10n ** 12n })),
    says: /^big-batch: The model takes 1000000000000 images at a time; at most 63775/,
  },
  'a protocol with lists 100,000 deep for a name': {
    reader: 'protocol', files: () => [{ name: 'p.json', bytes: bytesOf(`{"name":"p","trials":[{"kind":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`) }], says: /found a list of 1/,
  },
  'a class list with zero bytes': { reader: 'roster', files: () => [{ name: 'list.csv', bytes: bytesOf('em\0ail,name\na@b.test,A\0da\u202e\n') }], says: /^read: .*"name":"Ada"/ },
  'a receipt that is no JSON': { reader: 'receipt', files: () => [{ name: 'r.json', bytes: bytesOf('{"receipt":\u0001}') }], says: /^This is no JSON/ },
  'a receipt of a version that turns the text around': {
    reader: 'receipt', files: () => [{ name: 'r.json', bytes: bytesOf('{"receipt":{"format":"\u202egnp.exe","specification":"1"}}') }],
    says: /^The receipt is of version gnp\.exe, /,
  },
};
