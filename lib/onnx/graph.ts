// The typed graph that formats produce and engines, autodiff and the report read. It knows no protobuf.

/** In the order of ONNX's own numbers, from 1. */
export const elementTypes = [
  'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64', 'uint32', 'uint64',
] as const;
export type ElementType = (typeof elementTypes)[number];

/**
 * An initializer or the value of a Constant. `bytes` is little endian, row-major, and may be a view into the upload
 * (so weights are not copied); use `floatsOf` / `integersOf` of constants.ts for typed access.
 */
export type Constant = { type: ElementType; dims: readonly number[]; bytes: Uint8Array };

export type Attribute =
  | { kind: 'int'; value: number }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'ints'; value: readonly number[] }
  | { kind: 'floats'; value: readonly number[] }
  | { kind: 'strings'; value: readonly string[] }
  | { kind: 'tensor'; value: Constant }
  | { kind: 'graph'; value: Graph };

export type Node = {
  /** Operator, e.g. `Conv`. */
  op: string;
  /** '' for the standard operators. */
  domain: string;
  name: string;
  /** '' marks an absent optional input. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
};

/** A graph input or output; a symbolic or unknown dimension is null. */
export type ValueInfo = { name: string; type: ElementType; dims: readonly (number | null)[] };

export type Graph = {
  name: string;
  /** Without the initializers. */
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  /** In topological order. */
  nodes: readonly Node[];
  constants: ReadonlyMap<string, Constant>;
};

/** Opset the rules are written for; every graph is converted to it on ingest. */
export const canonicalOpset = 20;

export const inputLayouts = ['N,1,28,28', 'N,28,28,1', 'N,28,28', 'N,784'] as const;
export type InputLayout = (typeof inputLayouts)[number];

export const outputKinds = ['logits', 'probabilities', 'log-probabilities'] as const;
export type OutputKind = (typeof outputKinds)[number];

/** How pixel values are fed to the student's graph, chosen at upload: x in [0,1] becomes (x * scale - mean) / deviation. */
export type PixelScaling = { scale: 1 | 255; mean: number; deviation: number };
export const unitScaling: PixelScaling = { scale: 1, mean: 0, deviation: 1 };

/** What the uploaded file said of itself. `producer` is the program that wrote it, e.g. `pytorch 2.9.0`. */
export type Origin = { format: string; producer?: string; opset?: number; irVersion?: number };

/**
 * The canonical model. `graph` has one input `x` float32 [B, 784] in [0, 1] and one output `logits` float32 [B, 10]
 * at opset 20; layout, scaling and a final Softmax are already dealt with inside it.
 */
export type Model = {
  graph: Graph;
  /** The batch size the graph insists on, or null when any will do. */
  batch: number | null;
  /** The one it was exported with, where any other seems to do: whoever runs it sees whether the answers stay the same. */
  exportedBatch?: number;
  layout: InputLayout;
  output: OutputKind;
  scaling: PixelScaling;
  origin?: Origin;
  /** What was changed on the way in, in sentences for the student. */
  notes?: readonly string[];
};
