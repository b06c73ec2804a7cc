// Writes ONNX nodes for layers. Values are spoken of in Keras's order, channels last; where a convolution left one
// channels first it stays so until somebody needs the other order.
import { sameBytes } from '../../bytes.ts';
import { floatConstant, int64Constant } from '../../onnx/constants.ts';
import type { Constant, Graph, Node } from '../../onnx/graph.ts';
import { node, type AttributeValue } from '../../onnx/node.ts';
import { limits } from '../../limits.ts';
import { sizeOf } from '../../tensor.ts';
import { said, wrongNetwork, type LayerName } from './problem.ts';

/** A tensor: `dims` without the batch, in Keras's order; `first` when [H, W, C] lies as [C, H, W]. */
export type Value = { name: string; dims: readonly number[]; first: boolean };

type Attributes = Readonly<Record<string, AttributeValue>>;

export class NetworkBuilder {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Constant>();
  private readonly turned = new Map<string, Value>();
  private readonly written = new Map<string, string>();
  private bytes = 0;
  private entered = 0;
  private layer: LayerName = { name: 'input', className: 'InputLayer' };

  /** What is written from now on belongs to this layer. Layers that write nothing count too: submodels multiply. */
  enter(layer: LayerName): void {
    this.layer = layer;
    if (++this.entered > limits.graphNodes) throw tooMany();
  }

  /** A new name that says whose it is. */
  private name(what: string): string {
    return `${this.layer.name}/${what}_${this.nodes.length + this.constants.size}`;
  }

  /** A constant of the graph; a layer that is used again finds its own. */
  constant(what: string, value: Constant): string {
    const key = `${this.layer.name}/${what}`;
    const before = this.written.get(key);
    const known = before === undefined ? undefined : this.constants.get(before);
    if (known && String(known.dims) === String(value.dims) && sameBytes(known.bytes, value.bytes)) return before!;
    this.bytes += value.bytes.length;
    if (this.bytes > limits.unpackedBytes) {
      const found = `The model's weights take more than ${limits.unpackedBytes / 1024 / 1024} MB in float32.`;
      throw wrongNetwork('too-big', found, 'Use a smaller model.');
    }
    const name = this.name(what);
    this.constants.set(name, value);
    this.written.set(key, name);
    return name;
  }

  /** A float constant of the given shape, or a scalar. */
  floats(values: readonly number[] | Float32Array, dims: readonly number[] = []): string {
    return this.constant('number', floatConstant(values, dims));
  }

  integers(values: readonly number[]): string {
    return this.constant('integers', int64Constant(values));
  }

  /** One node; its output has these dims (Keras's order, without the batch). */
  op(op: string, inputs: readonly string[], dims: readonly number[], first: boolean, attributes: Attributes = {}): Value {
    if (this.nodes.length > limits.graphNodes) throw tooMany();
    if (!dims.every((size) => size >= 1) || !(sizeOf(dims) <= limits.tensorElements)) {
      const found = `${said(this.layer)} would give a tensor [N, ${dims.join(', ')}]`;
      const wanted = `each size must be at least 1, and all together at most ${limits.tensorElements}`;
      throw wrongNetwork('layer-shape', `${found}; ${wanted}.`, 'Check the sizes of this layer and of those before it.');
    }
    const name = this.name(op);
    this.nodes.push(node(op, inputs, [name], attributes));
    return { name, dims, first };
  }

  /** An operator that changes no shape and treats every element alike. */
  same(op: string, x: Value, more: readonly string[] = [], attributes: Attributes = {}): Value {
    return this.op(op, [x.name, ...more], x.dims, x.first, attributes);
  }

  /** `x` combined with one number. */
  scalar(op: string, x: Value, value: number): Value {
    return this.same(op, x, [this.floats([value])]);
  }

  /** Elements in their order, other dims. `x` must be channels last. */
  reshape(x: Value, dims: readonly number[], first = false): Value {
    const stored = first ? [dims[2], dims[0], dims[1]] : dims;
    return this.op('Reshape', [x.name, this.integers([0, ...stored])], dims, first);
  }

  /** The same value with Keras's order of elements. */
  last(x: Value): Value {
    if (!x.first) return x;
    return this.turn(x, [0, 2, 3, 1]);
  }

  /** The same value [H, W, C], lying as [C, H, W]. */
  channelsFirst(x: Value): Value {
    if (x.first || x.dims.length !== 3) return x;
    return this.turn(x, [0, 3, 1, 2]);
  }

  private turn(x: Value, perm: readonly number[]): Value {
    const known = this.turned.get(x.name);
    if (known) return known;
    const [height, width, channels] = x.dims;
    // With one channel, or one pixel, both orders are the same one.
    const alike = channels === 1 || height * width === 1;
    const to = alike
      ? this.reshape({ ...x, first: false }, x.dims, !x.first)
      : this.op('Transpose', [x.name], x.dims, !x.first, { perm });
    this.turned.set(x.name, to);
    this.turned.set(to.name, x);
    return to;
  }

  graph(inputs: Graph['inputs'], outputs: readonly Value[]): Graph {
    const named = outputs.map(({ name, dims }) => ({ name, type: 'float32' as const, dims: [null, ...dims] }));
    return { name: 'keras', inputs, outputs: named, nodes: this.nodes, constants: this.constants };
  }
}

function tooMany() {
  return wrongNetwork('too-many-nodes', `The model needs more than ${limits.graphNodes} ONNX nodes.`, 'Use a smaller model.');
}
