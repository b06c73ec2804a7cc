// Brings graphs in float16 and float64 to float32, which every engine computes in.
import { floatConstant, floatsOf } from './constants.ts';
import { ModelError } from './error.ts';
import type { Attribute, Constant, ElementType, Graph, Node, ValueInfo } from './graph.ts';
import { withAttributes } from './node.ts';
import { typeNumber } from './tensors.ts';

/** Attributes that name an element type: of Cast, and of the operators that make tensors. */
const typeAttributes = ['to', 'dtype', 'output_dtype', 'stash_type'];
const others: readonly ElementType[] = ['float16', 'float64'];

/**
 * The same graph with every float16 and float64 tensor in float32, and the types that were there.
 * Throws ModelError for a value that float32 cannot hold.
 */
export function inFloat32(graph: Graph): { graph: Graph; from: ElementType[] } {
  const found = new Set<ElementType>();
  const single = (type: ElementType): ElementType => {
    if (!others.includes(type)) return type;
    found.add(type);
    return 'float32';
  };
  const constant = (name: string, value: Constant): Constant => (single(value.type) === value.type ? value : converted(name, value));
  const info = (value: ValueInfo): ValueInfo => ({ ...value, type: single(value.type) });
  const attribute = (name: string, key: string, value: Attribute): Attribute => {
    if (value.kind === 'tensor') return { kind: 'tensor', value: constant(name, value.value) };
    if (value.kind === 'graph') return { kind: 'graph', value: inside(value.value) };
    if (value.kind !== 'int' || !typeAttributes.includes(key)) return value;
    const type = others.find((other) => typeNumber(other) === value.value);
    return type ? { kind: 'int', value: typeNumber(single(type)) } : value;
  };
  const node = (each: Node): Node => {
    const set = Object.entries(each.attributes).map(([key, value]) => [key, attribute(each.outputs[0], key, value)] as const);
    return withAttributes(each, { set: Object.fromEntries(set) });
  };
  const inside = (each: Graph): Graph => ({
    ...each,
    inputs: each.inputs.map(info),
    outputs: each.outputs.map(info),
    nodes: each.nodes.map(node),
    constants: new Map([...each.constants].map(([name, value]) => [name, constant(name, value)])),
  });
  const result = inside(graph);
  return { graph: result, from: [...found] };
}

function converted(name: string, value: Constant): Constant {
  const floats = floatsOf(value);
  if (value.type === 'float64') {
    const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, value.bytes.byteLength);
    for (let i = 0; i < floats.length; i++) {
      const original = view.getFloat64(8 * i, true);
      if (Number.isFinite(floats[i]) || !Number.isFinite(original)) continue;
      throw new ModelError(`Tensor "${name}" holds ${original} in float64, which float32 cannot hold. Export the model in float32.`);
    }
  }
  return floatConstant(floats, value.dims);
}
