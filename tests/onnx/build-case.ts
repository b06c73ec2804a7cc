// The graph of one operator case: its open inputs are the graph's, and its outputs have the shapes that the rules infer.
import type { Constant } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { graphOf } from '../models.ts';
import type { Case } from './operator-cases.ts';

/** `open` lists the graph's inputs, float32, with their dimensions. */
export function build(op: string, { inputs, attributes, outputs = 1 }: Case) {
  const names = inputs.map((input, i) => (input === null ? '' : `in${i}`));
  const open = inputs.flatMap((input, i) => (Array.isArray(input) ? [[`in${i}`, input as number[]] as const] : []));
  const constants = Object.fromEntries(
    inputs.flatMap((input, i) => (input && !Array.isArray(input) ? [[`in${i}`, input as Constant]] : [])),
  );
  const made = Array.from({ length: outputs }, (_, i) => `out${i}`);
  const bare = graphOf({ inputs: open, outputs: [], constants, nodes: [node(op, names, made, attributes)] });
  const shapes = inferShapes(bare, 2);
  const typed = made.map((name) => ({ name, type: shapes.types.get(name)!, dims: shapes.dims.get(name)! }));
  return { graph: { ...bare, outputs: typed }, shapes, open };
}
