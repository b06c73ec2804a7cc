// Changes an ONNX model at the level of its structure: a decoded model goes in, one that lies about itself comes out.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema, ModelProtoSchema, NodeProtoSchema, OperatorSetIdProtoSchema, StringStringEntryProtoSchema, TensorProtoSchema, TensorProto_DataLocation,
  TypeProto_TensorSchema, ValueInfoProtoSchema, type AttributeProto_AttributeType, type GraphProto, type ModelProto, type NodeProto, type TensorProto,
} from '../../lib/onnx/onnx_pb.ts';
import { shapeRules } from '../../lib/onnx/shapes/index.ts';
import { floats, integers, names, type Dice } from './dice.ts';
import { growths } from './onnx-growth.ts';

type Change = (model: ModelProto, dice: Dice, other: ModelProto) => void;

const operators = [
  ...Object.keys(shapeRules), 'If', 'Loop', 'Scan', 'LSTM', 'GRU', 'RNN', 'Attention', 'Swish', 'RMSNormalization', 'Upsample', 'Scatter', 'SequenceConstruct',
  'StringNormalizer', 'NonZero', 'Unique', 'constructor', '__proto__', 'toString', '',
];
const domains = ['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft', 'ai.onnx.preview.training', 'evil.example', '__proto__'];

const graphOf = (model: ModelProto): GraphProto => model.graph!;
const nodeOf = (model: ModelProto, dice: Dice): NodeProto | undefined => dice.one(graphOf(model).node);
const constantOf = (model: ModelProto, dice: Dice): TensorProto | undefined => dice.one(graphOf(model).initializer);

/** Every name that something in the graph defines. */
function defined({ node, initializer, input }: GraphProto): string[] {
  return [...node.flatMap(({ output }) => output), ...initializer.map(({ name }) => name), ...input.map(({ name }) => name)];
}

const put = <T>(list: T[], at: number, value: T) => void (list.length > 0 && (list[at] = value));

const structure = {
  rewire: (model, dice) => {
    const input = nodeOf(model, dice)?.input;
    if (input) put(input, dice.below(input.length), dice.one(defined(graphOf(model))));
  },
  'read itself': (model, dice) => {
    const node = nodeOf(model, dice);
    if (node) put(node.input, 0, node.output[0] ?? '');
  },
  'swap inputs': (model, dice) => void nodeOf(model, dice)?.input.reverse(),
  'drop input': (model, dice) => void nodeOf(model, dice)?.input.pop(),
  'more inputs': (model, dice) => void nodeOf(model, dice)?.input.push(...Array.from({ length: 1 + dice.below(5) }, () => dice.one([...defined(graphOf(model)), '']))),
  'more outputs': (model, dice) => void nodeOf(model, dice)?.output.push(...Array.from({ length: 1 + dice.below(3) }, (_, i) => dice.one([`more${i}`, '']))),
  'drop node': (model, dice) => void graphOf(model).node.splice(dice.below(graphOf(model).node.length), 1),
  'node twice': (model, dice) => {
    const node = nodeOf(model, dice);
    if (node) graphOf(model).node.push({ ...node });
  },
  shuffle: (model) => void graphOf(model).node.reverse(),
  operator: (model, dice) => {
    const node = nodeOf(model, dice);
    if (node) node.opType = dice.one(operators);
  },
  domain: (model, dice) => {
    const node = nodeOf(model, dice);
    if (node) node.domain = dice.one(domains);
  },
  'insert operator': (model, dice) => {
    const node = nodeOf(model, dice);
    const [from] = node?.input ?? [];
    if (!node || !from) return;
    const more = dice.below(3) === 0 ? [dice.one(defined(graphOf(model)))] : [];
    graphOf(model).node.push(create(NodeProtoSchema, { opType: dice.one(operators), input: [from, ...more], output: ['inserted'] }));
    node.input[0] = 'inserted';
  },
  name: (model, dice) => {
    const name = dice.one(names);
    const graph = graphOf(model);
    const places: (() => void)[] = [
      () => put(graph.node, dice.below(graph.node.length), { ...dice.one(graph.node), name }),
      () => { const node = nodeOf(model, dice); if (node) put(node.output, dice.below(node.output.length), name); },
      () => { const node = nodeOf(model, dice); if (node) put(node.input, dice.below(node.input.length), name); },
      () => { const constant = constantOf(model, dice); if (constant) constant.name = name; },
      () => { graph.name = name; model.producerName = name; model.producerVersion = name; },
      () => { if (graph.output[0]) graph.output[0].name = name; },
    ];
    dice.one(places)();
  },
  'name everywhere': (model, dice) => {
    const graph = graphOf(model);
    const [from, to] = [dice.one(defined(graph)), dice.one(names)];
    const now = (name: string) => (name === from ? to : name);
    for (const node of graph.node) {
      node.input = node.input.map(now);
      node.output = node.output.map(now);
    }
    for (const value of [...graph.initializer, ...graph.input, ...graph.output]) value.name = now(value.name);
  },
  'one name for two': (model, dice) => {
    const constant = constantOf(model, dice);
    if (constant) constant.name = dice.one(defined(graphOf(model)));
  },
} satisfies Record<string, Change>;

const attributes = {
  'attribute kind': (model, dice) => {
    const attribute = dice.one(nodeOf(model, dice)?.attribute ?? []);
    if (attribute) attribute.type = dice.below(16) as AttributeProto_AttributeType;
  },
  'attribute numbers': (model, dice) => {
    const attribute = dice.one(nodeOf(model, dice)?.attribute ?? []);
    if (!attribute) return;
    attribute.i = dice.one(integers);
    attribute.f = dice.one(floats);
    if (attribute.ints.length > 0) attribute.ints[dice.below(attribute.ints.length)] = dice.one(integers);
    if (attribute.floats.length > 0) attribute.floats[dice.below(attribute.floats.length)] = dice.one(floats);
  },
  'attribute length': (model, dice) => {
    const attribute = dice.one(nodeOf(model, dice)?.attribute ?? []);
    if (!attribute) return;
    if (dice.once(2)) for (const list of [attribute.ints, attribute.floats, attribute.strings]) list.pop();
    else {
      attribute.ints.push(...attribute.ints);
      attribute.floats.push(...attribute.floats);
    }
  },
  'attribute text': (model, dice) => {
    const attribute = nodeOf(model, dice)?.attribute.find(({ s }) => s.length > 0);
    if (attribute) attribute.s = new TextEncoder().encode(dice.one([...names, 'SAME_UPPER', 'reverse', 'constructor', 'valueOf', 'cubic', 'ij,jk->ik', '...->...', '->']));
  },
  'attribute name': (model, dice) => {
    const attribute = dice.one(nodeOf(model, dice)?.attribute ?? []);
    if (attribute) attribute.name = dice.one([...names, 'axis', 'axes', 'perm', 'pads', 'kernel_shape', 'to', 'value', 'then_branch']);
  },
  'drop attribute': (model, dice) => {
    const list = nodeOf(model, dice)?.attribute;
    list?.splice(dice.below(list.length), 1);
  },
  'attribute of another': (model, dice) => {
    const [from, to] = [nodeOf(model, dice), nodeOf(model, dice)];
    if (from && to) to.attribute.push(...from.attribute);
  },
  'attribute more': (model, dice) => {
    const name = dice.one(['axis', 'axes', 'keepdims', 'group', 'strides', 'dilations', 'output_shape', 'output_padding', 'auto_pad', 'ceil_mode', 'allowzero', 'batch_dims', 'start', 'end', 'blocksize', 'num_outputs', 'mode']);
    const kind = dice.one([1, 2, 3, 6, 7, 8] as AttributeProto_AttributeType[]);
    const s = new TextEncoder().encode(dice.one(names.slice(0, 12)));
    nodeOf(model, dice)?.attribute.push(create(AttributeProtoSchema, { name, type: kind, i: dice.one(integers), f: dice.one(floats), s, ints: [dice.one(integers), dice.one(integers)] }));
  },
} satisfies Record<string, Change>;

const tensors = {
  dims: (model, dice) => {
    const constant = constantOf(model, dice);
    if (constant) put(constant.dims, dice.below(constant.dims.length), dice.one(integers));
  },
  rank: (model, dice) => {
    const constant = constantOf(model, dice);
    if (!constant) return;
    constant.dims = dice.one([[], [...constant.dims, 1n], constant.dims.slice(1), constant.dims.toReversed(), Array.from({ length: 40 }, () => 1n), Array.from({ length: 12 }, () => 2n ** 20n)]);
  },
  'data length': (model, dice) => {
    const constant = constantOf(model, dice);
    if (!constant) return;
    constant.rawData = dice.one([new Uint8Array(), constant.rawData.slice(0, -1), constant.rawData.slice(0, dice.below(constant.rawData.length)), new Uint8Array([...constant.rawData.subarray(0, 4000), 0])]);
  },
  'data type': (model, dice) => {
    const constant = constantOf(model, dice);
    if (constant) constant.dataType = dice.one([0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 23, 999, -1]);
  },
  'typed data': (model, dice) => {
    const constant = constantOf(model, dice);
    if (!constant) return;
    if (dice.once(2)) constant.rawData = new Uint8Array();
    const count = dice.one([0, 1, Number(constant.dims.reduce((a, b) => a * b, 1n) % 100_000n), 1000]);
    Object.assign(constant, {
      floatData: Array.from({ length: Math.abs(count) }, () => dice.one(floats)),
      int64Data: Array.from({ length: Math.abs(count) }, () => dice.one(integers)),
      stringData: [new Uint8Array([0xff, 0xfe])],
    });
  },
  weights: (model, dice) => {
    const constant = constantOf(model, dice);
    if (!constant || constant.dataType !== 1 || constant.rawData.length < 4) return;
    const raw = constant.rawData.slice();
    const view = new DataView(raw.buffer);
    const value = dice.one(floats);
    const all = dice.once(3);
    for (let at = 0; at + 4 <= raw.length; at += 4) if (all || dice.once(10)) view.setFloat32(at, value, true);
    constant.rawData = raw;
  },
  'integer constants': (model, dice) => {
    const constant = dice.one(graphOf(model).initializer.filter(({ dataType }) => dataType === 7));
    if (!constant || constant.rawData.length < 8) return;
    const raw = constant.rawData.slice();
    new DataView(raw.buffer).setBigInt64(8 * dice.below(Math.floor(raw.length / 8)), dice.one(integers), true);
    constant.rawData = raw;
  },
  external: (model, dice) => {
    const constant = constantOf(model, dice);
    if (!constant) return;
    const known = graphOf(model).initializer.flatMap(({ externalData }) => externalData).find(({ key }) => key === 'location')?.value ?? 'model.onnx';
    const location = dice.one([known, known, `./${known}`, `sub/../${known}`, '../../etc/passwd', '/etc/passwd', '/dev/zero', 'file:///etc/passwd', 'http://127.0.0.1/', 'a\0b', '', '__proto__', 'n'.repeat(5000)]);
    const lengths = ['0', '1', '-1', '4', '1e3', '0x10', ' 8', 'NaN', '', '9007199254740992', '99999999999999999999', '18446744073709551615'];
    const entries: [string, string][] = [['location', location], ['offset', dice.one(lengths)], ['length', dice.one(lengths)], ['checksum', 'no']];
    constant.dataLocation = TensorProto_DataLocation.EXTERNAL;
    constant.externalData = entries.filter(() => !dice.once(4)).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  },
  'data shared': (model, dice) => {
    // Many tensors that are one stretch of bytes: what is small in the file may be large when each is converted.
    const constant = constantOf(model, dice);
    if (constant && constant.rawData.length < 20_000 && graphOf(model).initializer.length < 60) graphOf(model).initializer.push(...Array.from({ length: 50 }, (_, i) => create(TensorProtoSchema, { ...constant, name: `shared${i}` })));
  },
} satisfies Record<string, Change>;

const ends = {
  'input shape': (model, dice) => {
    const dim = dice.one(dice.one(graphOf(model).input)?.type?.tensorType?.shape?.dim ?? []);
    if (dim) dim.value = dice.once(3) ? { case: 'dimParam', value: dice.one(names) } : { case: 'dimValue', value: dice.one(integers) };
  },
  'input rank': (model, dice) => {
    const shape = graphOf(model).input[0]?.type?.tensorType?.shape;
    if (shape) shape.dim = dice.one([[], shape.dim.slice(1), [...shape.dim, ...shape.dim], Array.from({ length: 60 }, () => shape.dim[0])]);
  },
  'element type': (model, dice) => {
    const type = dice.one([...graphOf(model).input, ...graphOf(model).output])?.type?.tensorType;
    if (type) type.elemType = dice.one([0, 2, 6, 7, 8, 9, 10, 11, 14, 16, 99, -1]);
  },
  untyped: (model, dice) => {
    const value = dice.one([...graphOf(model).input, ...graphOf(model).output]);
    if (value?.type) value.type = dice.once(2) ? undefined : { ...value.type, tensorType: create(TypeProto_TensorSchema, {}) };
  },
  'more inputs of the model': (model, dice) => {
    const input = graphOf(model).input[0];
    if (input) graphOf(model).input.push({ ...input, name: dice.one(['second', input.name, ...defined(graphOf(model))]) });
  },
  'other outputs': (model, dice) => {
    const output = graphOf(model).output;
    const name = dice.one([...defined(graphOf(model)), 'nothing']);
    if (dice.once(2)) output.length = 0;
    output.push(create(ValueInfoProtoSchema, { name }));
  },
  opset: (model, dice) => {
    const version = dice.one([0n, 1n, 6n, 7n, 8n, 9n, 10n, 11n, 12n, 13n, 15n, 17n, 18n, 20n, 21n, 23n, 26n, 27n, -1n, 2n ** 62n]);
    model.opsetImport = dice.one([[], [version], [version, 13n], [13n, version]]).map((each) => create(OperatorSetIdProtoSchema, { domain: dice.once(6) ? dice.one(domains) : '', version: each }));
  },
  'IR version': (model, dice) => void (model.irVersion = dice.one(integers)),
  metadata: (model, dice) => void model.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'gauntlet', value: dice.one(names) })),
} satisfies Record<string, Change>;

const splices = {
  'nodes of another model': (model, dice, other) => {
    const count = 1 + dice.below(3);
    graphOf(model).node.splice(dice.below(graphOf(model).node.length), count, ...graphOf(other).node.slice(0, count));
    graphOf(model).initializer.push(...graphOf(other).initializer);
  },
  'weights of another model': (model, dice, other) => {
    const [from, to] = [constantOf(other, dice), constantOf(model, dice)];
    if (from && to) Object.assign(to, { ...from, name: to.name });
  },
} satisfies Record<string, Change>;

export const onnxChanges = { ...structure, ...attributes, ...tensors, ...ends, ...splices, ...growths } satisfies Record<string, Change>;

/** The model with one to three changes, and which. Bytes that are no model stay as they are. */
export function changedOnnx(bytes: Uint8Array, dice: Dice, other: Uint8Array): { bytes: Uint8Array; how: string } {
  const decode = (each: Uint8Array) => {
    try {
      return fromBinary(ModelProtoSchema, each);
    } catch {
      return undefined;
    }
  };
  const [model, donor] = [decode(bytes), decode(other)];
  if (!model?.graph || !donor?.graph) return { bytes, how: 'unchanged' };
  const hows = Array.from({ length: dice.once(3) ? 1 + dice.below(3) : 1 }, () => dice.one(Object.keys(onnxChanges) as (keyof typeof onnxChanges)[]));
  for (const how of hows) onnxChanges[how](model, dice, donor);
  return { bytes: toBinary(ModelProtoSchema, model), how: hows[0] };
}
