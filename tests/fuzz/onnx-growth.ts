// Parts for ONNX models that grow: constants of 10^12 elements, chains that double, loops, subgraphs and functions within each other.
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Kind, AttributeProtoSchema, FunctionProtoSchema, GraphProtoSchema, NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema,
  type AttributeProto, type GraphProto, type ModelProto, type NodeProto,
} from '../../lib/onnx/onnx_pb.ts';
import type { Dice } from './dice.ts';

type Change = (model: ModelProto, dice: Dice) => void;

export const node = (opType: string, input: string[], output: string[], attribute: AttributeProto[] = []): NodeProto =>
  create(NodeProtoSchema, { opType, input, output, attribute });
const int = (name: string, i: number): AttributeProto => create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(i) });
const graphAttribute = (name: string, g: GraphProto): AttributeProto => create(AttributeProtoSchema, { name, type: Kind.GRAPH, g });

/** A constant of 64-bit integers. */
function integers(graph: GraphProto, name: string, values: readonly bigint[], dims = [BigInt(values.length)]): string {
  const rawData = new Uint8Array(BigInt64Array.from(values).buffer);
  graph.initializer.push(create(TensorProtoSchema, { name, dataType: 7, dims, rawData }));
  return name;
}

/** Puts nodes between a node and its first input; `from` and `to` are what they read and give. */
export function between(model: ModelProto, dice: Dice, make: (from: string, to: string, graph: GraphProto) => NodeProto[]): void {
  const graph = model.graph!;
  const reader = dice.one(graph.node);
  if (!reader?.input[0]) return;
  const from = reader.input[0];
  reader.input[0] = 'grown';
  graph.node.push(...make(from, 'grown', graph));
}

const chain = (length: number, from: string, to: string, make: (from: string, to: string, i: number) => NodeProto): NodeProto[] =>
  Array.from({ length }, (_, i) => make(i === 0 ? from : `${to}.${i}`, i === length - 1 ? to : `${to}.${i + 1}`, i));

const huge = [10n ** 6n, 10n ** 9n, 10n ** 12n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -1n, 0n];

export const growths = {
  'Concat doubles': (model, dice) => between(model, dice, (from, to) => chain(dice.one([3, 20, 60, 1100]), from, to, (a, b) => node('Concat', [a, a], [b], [int('axis', dice.one([0, 1, -1]))]))),
  'Add doubles': (model, dice) => between(model, dice, (from, to) => chain(dice.one([60, 5000]), from, to, (a, b) => node('Add', [a, a], [b]))),
  'Identity chain': (model, dice) => between(model, dice, (from, to) => chain(dice.one([50, 5000, 21_000]), from, to, (a, b) => node('Identity', [a], [b]))),
  'Tile grows': (model, dice) => between(model, dice, (from, to, graph) => {
    const repeats = integers(graph, 'repeats', Array.from({ length: 1 + dice.below(4) }, () => dice.one([...huge, 2n, 3n])));
    return chain(dice.one([1, 60]), from, to, (a, b) => node('Tile', [a, repeats], [b]));
  }),
  'Expand grows': (model, dice) => between(model, dice, (from, to, graph) => [node('Expand', [from, integers(graph, 'wide', Array.from({ length: 1 + dice.below(5) }, () => dice.one([...huge, 1n])))], [to])]),
  'Reshape lies': (model, dice) => between(model, dice, (from, to, graph) => [node('Reshape', [from, integers(graph, 'other', Array.from({ length: 1 + dice.below(4) }, () => dice.one([...huge, 1n, 28n, 784n])))], [to])]),
  'ConstantOfShape of 10^12': (model, dice) => between(model, dice, (from, to, graph) => [
    node('ConstantOfShape', [integers(graph, 'sizes', [dice.one(huge), dice.one([1n, 784n, 10n ** 6n])])], ['made']), node(dice.one(['Add', 'MatMul', 'Concat', 'Mul']), [from, 'made'], [to], [int('axis', 1)]),
  ]),
  'Range of 10^12': (model, dice) => between(model, dice, (from, to, graph) => {
    const [start, limit, step] = [0n, dice.one(huge), dice.one([1n, 0n, -1n, 2n ** 40n])].map((value, i) => integers(graph, `range${i}`, [value], []));
    return [node('Range', [start, limit, step], ['counted']), node('Gather', [from, 'counted'], [to], [int('axis', dice.below(3))])];
  }),
  'Pad grows': (model, dice) => between(model, dice, (from, to, graph) => [node('Pad', [from, integers(graph, 'pads', Array.from({ length: 2 * (1 + dice.below(4)) }, () => dice.one([...huge, 1n])))], [to])]),
  'Slice lies': (model, dice) => between(model, dice, (from, to, graph) => {
    const list = (name: string) => integers(graph, name, Array.from({ length: 1 + dice.below(3) }, () => dice.one([...huge, 1n, 5n])));
    return [node('Slice', [from, list('starts'), list('ends'), list('axes'), list('steps')], [to])];
  }),
  'Split in many': (model, dice) => between(model, dice, (from, to) => [node('Split', [from], [to, ...Array.from({ length: dice.one([1, 100, 30_000]) }, (_, i) => `piece${i}`)], [int('axis', dice.below(3))])]),
  'TopK of 10^12': (model, dice) => between(model, dice, (from, to, graph) => [node('TopK', [from, integers(graph, 'k', [dice.one(huge)])], [to, 'where'])]),
  'OneHot of 10^12': (model, dice) => between(model, dice, (from, to, graph) => [node('OneHot', [integers(graph, 'hot', [1n, 2n]), integers(graph, 'depth', [dice.one(huge)]), from], [to])]),
  'ranks grow': (model, dice) => between(model, dice, (from, to, graph) => chain(dice.one([5, 40, 400]), from, to, (a, b) => node('Unsqueeze', [a, graph.initializer.some(({ name }) => name === 'first') ? 'first' : integers(graph, 'first', [0n])], [b]))),
  If: (model, dice) => between(model, dice, (from, to, graph) => {
    graph.initializer.push(create(TensorProtoSchema, { name: 'yes', dataType: 9, dims: [], rawData: new Uint8Array([1]) }));
    return [nested(dice.one([1, 5, 20, 22, 60]), from, to, dice)];
  }),
  Loop: (model, dice) => between(model, dice, (from, to, graph) => {
    const trips = integers(graph, 'trips', [dice.one(huge)], []);
    const body = create(GraphProtoSchema, {
      name: 'body', node: [node('Add', ['carried', 'carried'], ['next']), node('Identity', ['going'], ['still'])],
      input: ['trip', 'going', 'carried'].map((name) => create(ValueInfoProtoSchema, { name })), output: ['still', 'next'].map((name) => create(ValueInfoProtoSchema, { name })),
    });
    return [node(dice.one(['Loop', 'Scan']), [trips, '', from], [to], [graphAttribute('body', body), int('num_scan_inputs', 1)])];
  }),
  functions: (model, dice) => {
    const deep = dice.one([1, 5, 40]);
    // Each calls the next twice, the last itself: 2^40 nodes, or a circle.
    model.functions.push(...Array.from({ length: deep }, (_, i) => create(FunctionProtoSchema, {
      domain: 'own', name: `F${i}`, input: ['a'], output: ['c'], opsetImport: model.opsetImport,
      node: ['b', 'c'].map((out, j) => ({ ...node(i === deep - 1 && dice.once(2) ? 'Relu' : `F${(i + 1) % deep}`, [j === 0 ? 'a' : 'b'], [out]), domain: i === deep - 1 ? '' : 'own' })),
    })));
    between(model, dice, (from, to) => [{ ...node('F0', [from], [to]), domain: 'own' }]);
  },
  'Einsum lies': (model, dice) => between(model, dice, (from, to) => {
    const equation = dice.one(['ab,cd->abcd', 'ab,cd,ef,gh->abcdefgh', 'ab,ab->', '...a,...b->...ab', 'aa->a', '->', 'ab->zz', '....->.', 'a'.repeat(60)]);
    const operands = Math.max(1, equation.split('->')[0].split(',').length);
    return [node('Einsum', Array.from({ length: operands }, () => from), [to], [create(AttributeProtoSchema, { name: 'equation', type: Kind.STRING, s: new TextEncoder().encode(equation) })])];
  }),
  'Resize grows': (model, dice) => between(model, dice, (from, to, graph) => {
    const scale = dice.one([1e6, 1e20, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2]);
    graph.initializer.push(create(TensorProtoSchema, { name: 'scales', dataType: 1, dims: [4n], floatData: [1, 1, scale, scale] }));
    return [node('Resize', [from, '', 'scales'], [to])];
  }),
} satisfies Record<string, Change>;

/** An If within an If within an If, all taken; what is not taken stays small, or the file would double with each. */
function nested(deep: number, from: string, to: string, dice: Dice): NodeProto {
  const inner = `${to}.inner`;
  const body = deep > 1 ? nested(deep - 1, from, inner, dice) : node('Identity', [from], [inner]);
  const branch = create(GraphProtoSchema, { name: 'branch', node: [body], output: [create(ValueInfoProtoSchema, { name: dice.once(20) ? 'elsewhere' : inner })] });
  const other = create(GraphProtoSchema, { name: 'other', node: [node('Neg', [from], [inner])], output: branch.output });
  return node('If', ['yes'], [to], [graphAttribute('then_branch', branch), graphAttribute('else_branch', other)]);
}
