// Appends ONNX nodes and constants to a graph under construction and hands out names. It knows shapes, not derivatives.
import { floatConstant, int64Constant, integersOf } from '../onnx/constants.ts';
import type { Constant, Node } from '../onnx/graph.ts';
import { node, type AttributeValue } from '../onnx/node.ts';
import { sizeOf } from '../tensor.ts';

type Dims = readonly number[];
type Attributes = Readonly<Record<string, AttributeValue>>;

/** TensorProto.DataType of float32, as Cast wants it. */
const floatType = 1;

/** The shape two operands broadcast to. Throws RangeError when they do not. */
export function broadcastDims(a: Dims, b: Dims): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new RangeError(`Shapes [${a}] and [${b}] do not broadcast.`);
    return m === 1 ? n : m;
  });
}

/** Every method appends standard operators of opset 20 and returns the name of the result, whose shape `dims` then knows. */
export class Builder {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Constant>();
  private readonly shapes: Map<string, Dims>;
  private readonly values: ReadonlyMap<string, Constant>;
  private readonly shared = new Map<string, string>();
  private readonly makers = new Map<string, Node>();
  private count = 0;

  /** `shapes` holds every tensor that exists already; `values` those that are known constants. */
  constructor(shapes: ReadonlyMap<string, Dims>, values: ReadonlyMap<string, Constant>) {
    this.shapes = new Map(shapes);
    this.values = values;
  }

  /** Shape of a tensor. Throws when there is no such tensor. */
  dims(name: string): Dims {
    const dims = this.shapes.get(name);
    if (!dims) throw new Error(`No tensor is called '${name}' here.`);
    return dims;
  }

  /** The value of a tensor known before the graph runs, or undefined. */
  value(name: string): Constant | undefined {
    return this.constants.get(name) ?? this.values.get(name);
  }

  /** Integers of a tensor known before the graph runs, or undefined. */
  integers(name: string): number[] | undefined {
    const value = this.value(name);
    return value && integersOf(value);
  }

  /** The node that makes a tensor; undefined for inputs and constants. */
  maker(name: string): Node | undefined {
    return this.makers.get(name);
  }

  /** Appends nodes whose outputs' shapes are known already. */
  append(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.nodes.push(node);
      for (const output of node.outputs) this.makers.set(output, node);
    }
  }

  /** Appends a node with several outputs of the given shapes. */
  nodeWith(op: string, inputs: readonly string[], outputs: readonly Dims[], attributes: Attributes = {}): string[] {
    const names = outputs.map((dims) => this.fresh(op, dims));
    this.append([node(op, inputs, names, attributes)]);
    return names;
  }

  /** Appends a node with one output of shape `dims`. */
  node(op: string, inputs: readonly string[], dims: Dims, attributes: Attributes = {}): string {
    return this.nodeWith(op, inputs, [dims], attributes)[0];
  }

  /** Takes the nodes appended since the last call, the last one's output under its final name: what a rewrite puts in a node's place. */
  taken(output: string, name: string): Node[] {
    this.rename(output, name);
    return this.nodes.splice(0);
  }

  /** Gives a tensor made here its final name. */
  rename(from: string, to: string): void {
    const swap = (names: readonly string[]) => names.map((name) => (name === from ? to : name));
    this.nodes.forEach((node, i) => {
      if (node.inputs.includes(from) || node.outputs.includes(from)) {
        const outputs = swap(node.outputs);
        this.nodes[i] = { ...node, name: `${node.op}_${outputs[0]}`, inputs: swap(node.inputs), outputs };
      }
    });
    this.shapes.set(to, this.dims(from));
  }

  /** Makes a node that is already in the graph give an optional output too, and returns that output's name. */
  extraOutput(node: Node, output: number, dims: Dims): string {
    const at = this.nodes.findIndex((other) => other.outputs[0] === node.outputs[0]);
    const current = this.nodes[at];
    if (current.outputs[output]) return current.outputs[output];
    const name = this.fresh(node.op, dims);
    this.nodes[at] = { ...current, outputs: [...current.outputs.slice(0, output), name] };
    return name;
  }

  /** A float32 constant; equal scalars are made once. */
  float(values: number | ArrayLike<number>, dims?: Dims): string {
    const data = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [data.length]);
    return this.constant(`float ${shape} ${data.length === 1 ? data[0] : this.count}`, floatConstant(Float32Array.from(data), shape));
  }

  /** An int64 constant; equal ones are made once. */
  ints(values: readonly number[], dims?: Dims): string {
    const shape = dims ?? [values.length];
    return this.constant(`int64 ${shape} ${values}`, int64Constant(values, shape));
  }

  private constant(key: string, constant: Constant): string {
    const known = this.shared.get(key);
    if (known) return known;
    const name = this.fresh('constant', constant.dims);
    this.constants.set(name, constant);
    this.shared.set(key, name);
    return name;
  }

  private fresh(what: string, dims: Dims): string {
    let name: string;
    do name = `${what}.${this.count++}`;
    while (this.shapes.has(name));
    this.shapes.set(name, dims);
    return name;
  }

  private binary(op: string, a: string, b: string): string {
    return this.node(op, [a, b], broadcastDims(this.dims(a), this.dims(b)));
  }

  add(a: string, b: string): string {
    return this.binary('Add', a, b);
  }

  sub(a: string, b: string): string {
    return this.binary('Sub', a, b);
  }

  mul(a: string, b: string): string {
    return this.binary('Mul', a, b);
  }

  div(a: string, b: string): string {
    return this.binary('Div', a, b);
  }

  /** A float times a tensor. */
  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.mul(a, this.float(factor));
  }

  /** One of Exp, Neg, Sign and the like: one operand, same shape. */
  map(op: string, a: string, attributes: Attributes = {}): string {
    return this.node(op, [a], this.dims(a), attributes);
  }

  /** Comparison as a bool tensor; `b` may be a number. */
  compare(op: 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'Equal', a: string, b: string | number): string {
    return this.binary(op, a, typeof b === 'number' ? this.float(b) : b);
  }

  /** A bool tensor as 0.0 and 1.0: Cast and Mul are several times faster than Where. */
  toFloat(condition: string): string {
    return this.map('Cast', condition, { to: floatType });
  }

  where(condition: string, a: string, b: string): string {
    return this.node('Where', [condition, a, b], broadcastDims(this.dims(condition), broadcastDims(this.dims(a), this.dims(b))));
  }

  reshape(a: string, dims: Dims): string {
    const from = this.dims(a);
    if (from.length === dims.length && from.every((size, axis) => size === dims[axis])) return a;
    return this.node('Reshape', [a, this.ints(dims)], dims);
  }

  transpose(a: string, perm: readonly number[]): string {
    return this.node('Transpose', [a], perm.map((axis) => this.dims(a)[axis]), { perm });
  }

  expand(a: string, dims: Dims): string {
    return this.node('Expand', [a, this.ints(dims)], dims);
  }

  zeros(dims: Dims): string {
    return this.expand(this.float(0), dims);
  }

  /** Sum over some axes, which stay with size 1. */
  reduceSum(a: string, axes: readonly number[]): string {
    if (axes.length === 0) return a;
    const dims = this.dims(a).map((size, axis) => (axes.includes(axis) ? 1 : size));
    return this.node('ReduceSum', [a, this.ints(axes)], dims, { keepdims: 1 });
  }

  /** The adjoint of broadcasting from `dims` to the shape of `a`: sums over what was repeated. */
  sumTo(a: string, dims: Dims): string {
    const from = this.dims(a);
    const lead = from.length - dims.length;
    const axes = from.flatMap((size, axis) => (axis < lead || (dims[axis - lead] === 1 && size !== 1) ? [axis] : []));
    return this.reshape(this.reduceSum(a, axes), dims);
  }

  split(a: string, axis: number, sizes: readonly number[]): string[] {
    const parts = sizes.map((size) => this.dims(a).map((old, i) => (i === axis ? size : old)));
    return this.nodeWith('Split', [a, this.ints(sizes)], parts, { axis });
  }

  concat(parts: readonly string[], axis: number): string {
    const total = parts.reduce((sum, part) => sum + this.dims(part)[axis], 0);
    return this.node('Concat', parts, this.dims(parts[0]).map((size, i) => (i === axis ? total : size)), { axis });
  }

  /** Adds slice i of `a` along `axis` to slice `indices[i]` of a zero tensor whose `axis` has `size` entries: the adjoint of Gather. */
  scatterAdd(a: string, axis: number, indices: readonly number[], size: number): string {
    const from = this.dims(a);
    const column = from.map((_, i) => (i === axis ? indices.length : 1));
    const dims = from.map((old, i) => (i === axis ? size : old));
    const positions = this.expand(this.ints(indices, column), from);
    return this.node('ScatterElements', [this.zeros(dims), positions, a], dims, { axis, reduction: 'add' });
  }

  /** Number of elements of a tensor. */
  size(name: string): number {
    return sizeOf(this.dims(name));
  }
}
