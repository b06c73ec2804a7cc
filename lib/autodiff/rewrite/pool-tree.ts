// Turns a MaxPool whose windows lie side by side into elementwise maxima, whose gradient needs no indices.
import { Builder } from '../builder.ts';
import type { Node } from '../../onnx/graph.ts';
import { maximumOf } from './maximum.ts';
import { Edits, linksOf, type Pass } from './pass.ts';
import { isRising } from './pool-first.ts';
import { tilingOf, type Tiling } from './window.ts';

/** An activation behind the pool is computed with the channels still last, so that what comes next may absorb the transposition. */
export const poolTree: Pass = (graph, { dims, values }) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  const b = new Builder(dims, values);
  for (const pool of graph.nodes) {
    const tiling = tilingOf(pool, dims.get(pool.inputs[0]) ?? []);
    if (!tiling) continue;
    const next = links.onlyReader(pool.outputs[0]);
    const activation = next && isRising(next) ? next : null;
    edits.replace(pool, []);
    edits.replace(activation ?? pool, tree(b, pool, tiling, activation));
  }
  return edits.applied(b.constants);
};

/** [N,C,H,W] -> [N,H/high,high,W/wide,wide C] -> maximum over wide, then over high -> [N,C,H/high,W/wide]. */
function tree(b: Builder, pool: Node, tiling: Tiling, activation: Node | null): Node[] {
  const { inputs: [x], outputs: [y] } = pool;
  const { kernel: [high, wide], output: [rows, columns] } = tiling;
  const [batch, channels] = b.dims(x);
  const last = cropped(b, b.transpose(x, [0, 2, 3, 1]), [batch, rows * high, columns * wide, channels]);
  const windows = b.reshape(last, [batch * rows, high, columns, wide, channels]);
  const row = maximumOf(b, b.split(windows, 3, new Array(wide).fill(1)));
  const best = maximumOf(b, b.split(row, 1, new Array(high).fill(1)));
  const pooled = b.reshape(best, [batch, rows, columns, channels]);
  const active = activation ? applied(b, activation, pooled) : pooled;
  return b.taken(b.transpose(active, [0, 3, 1, 2]), activation ? activation.outputs[0] : y);
}

/** Without the last rows and columns that fill no window. */
function cropped(b: Builder, a: string, dims: readonly number[]): string {
  if (b.dims(a).every((size, axis) => size === dims[axis])) return a;
  return b.node('Slice', [a, b.ints([0, 0]), b.ints(dims.slice(1, 3)), b.ints([1, 2])], dims);
}

function applied(b: Builder, activation: Node, a: string): string {
  return b.node(activation.op, [a, ...activation.inputs.slice(1)], b.dims(a), activation.attributes);
}
