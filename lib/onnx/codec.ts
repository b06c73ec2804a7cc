// Bytes <-> graph: reads ONNX models and writes them, weights as views. It knows protobuf; what it returns does not.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { z } from 'zod';
import { safeInteger } from './constants.ts';
import { ModelError } from './error.ts';
import { inlineFunctions } from './functions.ts';
import { canonicalOpset, inputLayouts, outputKinds, type Attribute, type Graph, type Model, type Node, type ValueInfo } from './graph.ts';
import { nameOf } from './node.ts';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { inOrder } from './order.ts';
import { constantFromProto, protoFromConstant, textConstant, typeNumber, typeOfNumber, type ExternalFiles } from './tensors.ts';

/** What a model file says, before anything is checked beyond its form. */
export type Parsed = { graph: Graph; opset: number; irVersion: number; producer: string; metadata: ReadonlyMap<string, string> };

const irVersion = 10;
/** Version of ai.onnx.ml that is written: what older ones said it still says. */
const traditionalOpset = 3;
/** Nesting of messages (a subgraph takes three levels); deeper files are hostile. */
const recursionLimit = 64;

/**
 * Reads a ModelProto. Constants are views into `bytes` and `external`; nodes come out in topological order.
 * @param external data files by the plain names the model knows them by.
 * Throws ModelError when the bytes are no model, or name a data file that is not there.
 */
export function parseOnnx(bytes: Uint8Array, external: ExternalFiles = new Map()): Parsed {
  const decoded = decode(bytes);
  if (!decoded.graph) throw new ModelError('The file holds no graph; wanted an ONNX model.');
  const standard = decoded.opsetImport.find(({ domain }) => plainDomain(domain) === '');
  if (!standard) throw new ModelError('The model does not say which version of the ONNX operators it uses (opset_import).');
  const local = decoded.functions.find(({ domain }) => plainDomain(domain) === '');
  if (local) throw new ModelError(`The model redefines the standard operator ${local.name}; wanted the standard operators.`);
  const model = inlineFunctions(decoded);
  return {
    graph: graphFromProto(model.graph!, external, new Set()),
    opset: safeInteger(standard.version),
    irVersion: safeInteger(model.irVersion),
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
  };
}

function decode(bytes: Uint8Array): ModelProto {
  // A Buffer would make every view a Buffer; plain arrays keep what comes out plain.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return fromBinary(ModelProtoSchema, plain, { readUnknownFields: false, recursionLimit });
  } catch (cause) {
    throw new ModelError(`The file is not a whole ONNX model (${cause instanceof Error ? cause.message : cause}).`, { cause });
  }
}

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function graphFromProto(proto: GraphProto, files: ExternalFiles, outer: ReadonlySet<string>): Graph {
  if (proto.sparseInitializer.length > 0) {
    throw new ModelError(`Tensor "${proto.sparseInitializer[0].values?.name ?? ''}" is stored sparse; wanted dense initializers.`);
  }
  const constants = new Map(proto.initializer.map((tensor) => [tensor.name, textConstant(tensor) ?? constantFromProto(tensor, files)]));
  const inputs = proto.input.filter(({ name }) => !constants.has(name)).map(valueFromProto);
  const defined = new Set([...outer, ...constants.keys(), ...inputs.map(({ name }) => name)]);
  const produced = proto.node.flatMap(({ output }) => output);
  const visible = new Set([...defined, ...produced]);
  const nodes = inOrder(
    proto.node.map((node) => nodeFromProto(node, files, visible)),
    defined,
  );
  const outputs = proto.output.map(valueFromProto);
  const missing = outputs.find(({ name }) => !visible.has(name));
  if (missing) throw new ModelError(`The graph's output "${missing.name}" is defined by nothing in the graph.`);
  return { name: proto.name, inputs, outputs, nodes, constants };
}

function valueFromProto({ name, type }: ValueInfoProto): ValueInfo {
  const tensor = type?.tensorType;
  // A subgraph's values and unused outputs may come without a type; only inputs that are read matter, and those are checked.
  if (!tensor?.elemType) return { name, type: 'float32', dims: [] };
  const dims = (tensor.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? safeInteger(value.value) : null,
  );
  return { name, type: typeOfNumber(tensor.elemType, `Value "${name}"`), dims };
}

function nodeFromProto(proto: NodeProto, files: ExternalFiles, visible: ReadonlySet<string>): Node {
  const node: Node = {
    op: proto.opType,
    domain: plainDomain(proto.domain),
    name: proto.name,
    inputs: proto.input,
    outputs: proto.output,
    attributes: {},
  };
  const attributes = proto.attribute.map((attribute) => [attribute.name, attributeFromProto(attribute, files, visible, node)] as const);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function attributeFromProto(proto: AttributeProto, files: ExternalFiles, visible: ReadonlySet<string>, node: Node): Attribute {
  const what = `${nameOf(node)}: attribute ${proto.name}`;
  switch (proto.type) {
    case Kind.INT:
      return { kind: 'int', value: safeInteger(proto.i) };
    case Kind.FLOAT:
      return { kind: 'float', value: proto.f };
    case Kind.STRING:
      return { kind: 'string', value: textOf(proto.s) };
    case Kind.INTS:
      return { kind: 'ints', value: proto.ints.map(safeInteger) };
    case Kind.FLOATS:
      return { kind: 'floats', value: proto.floats };
    case Kind.STRINGS:
      return { kind: 'strings', value: proto.strings.map(textOf) };
    case Kind.TENSOR:
      if (proto.t) return { kind: 'tensor', value: constantFromProto(proto.t, files, node.outputs[0]) };
      break;
    case Kind.GRAPH:
      if (proto.g) return { kind: 'graph', value: graphFromProto(proto.g, files, visible) };
      break;
  }
  const kind = Object.entries(Kind).find(([, number]) => number === proto.type)?.[0] ?? proto.type;
  throw new ModelError(`${what} is of kind ${kind}; wanted a number, a text, a list of them, a tensor or a graph.`);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The graph as a ModelProto at the canonical opset. */
export function encodeGraph(graph: Graph): Uint8Array {
  return toBinary(ModelProtoSchema, modelProto(graph, {}));
}

function modelProto(graph: Graph, metadata: Readonly<Record<string, string>>): ModelProto {
  const domains = [...new Set(['', ...graph.nodes.map(({ domain }) => domain)])];
  return create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'gauntlet',
    opsetImport: domains.map((domain) => ({ domain, version: BigInt(domain === '' ? canonicalOpset : traditionalOpset) })),
    graph: graphToProto(graph),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
}

function graphToProto(graph: Graph): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name || 'graph',
    input: graph.inputs.map(valueToProto),
    output: graph.outputs.map(valueToProto),
    node: graph.nodes.map((node) =>
      create(NodeProtoSchema, {
        opType: node.op,
        domain: node.domain,
        name: node.name,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeToProto(name, attribute)),
      }),
    ),
    initializer: [...graph.constants].map(([name, constant]) => protoFromConstant(name, constant)),
  });
}

function valueToProto({ name, type, dims }: ValueInfo): ValueInfoProto {
  const dim = dims.map((size, axis) => ({
    value: size === null ? { case: 'dimParam' as const, value: `${name}_${axis}` } : { case: 'dimValue' as const, value: BigInt(size) },
  }));
  return create(ValueInfoProtoSchema, { name, type: { tensorType: { elemType: typeNumber(type), shape: { dim } } } });
}

function attributeToProto(name: string, attribute: Attribute): AttributeProto {
  const bytes = (text: string) => new TextEncoder().encode(text);
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: Kind.STRING, s: bytes(attribute.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: attribute.value.map(BigInt) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: Kind.FLOATS, floats: [...attribute.value] });
    case 'strings':
      return create(AttributeProtoSchema, { name, type: Kind.STRINGS, strings: attribute.value.map(bytes) });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: protoFromConstant(name, attribute.value) });
    case 'graph':
      return create(AttributeProtoSchema, { name, type: Kind.GRAPH, g: graphToProto(attribute.value) });
  }
}

const factsSchema = z.object({
  batch: z.int().positive().nullable(),
  exportedBatch: z.int().positive().optional(),
  layout: z.enum(inputLayouts),
  output: z.enum(outputKinds),
  scaling: z.object({ scale: z.union([z.literal(1), z.literal(255)]), mean: z.number(), deviation: z.number() }),
  notes: z.array(z.string()).optional(),
});
const factsKey = 'gauntlet';

/** A canonical model with its facts in metadata_props: what is stored, and what a worker's child is given. */
export function encodeModel({ graph, ...facts }: Model): Uint8Array {
  return toBinary(ModelProtoSchema, modelProto(graph, { [factsKey]: JSON.stringify(factsSchema.parse(facts)) }));
}

/** The canonical model that encodeModel wrote. Throws ModelError for any other file. */
export function decodeModel(bytes: Uint8Array): Model {
  const { graph, metadata } = parseOnnx(bytes);
  const facts = metadata.get(factsKey);
  if (facts === undefined) throw new ModelError('The file is no canonical model; wanted one that Gauntlet itself wrote.');
  return { graph, ...factsSchema.parse(JSON.parse(facts)) };
}
