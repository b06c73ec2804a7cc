// The rewrites before differentiation: a fixed list of passes that put a graph into the form whose gradient is fast.
import type { Graph } from '../../onnx/graph.ts';
import { inferShapes } from '../../onnx/shapes.ts';
import { foldBatchNormalization } from './batch-normalization.ts';
import { convolvePhases } from './convolve-phases.ts';
import { joinReshapes } from './join-reshapes.ts';
import { foldKnown } from './known.ts';
import type { Pass } from './pass.ts';
import { permuteDense } from './permute-dense.ts';
import { poolFirst } from './pool-first.ts';
import { poolTree } from './pool-tree.ts';
import { removeIdle } from './idle.ts';
import { removeUnread } from './unread.ts';

/** In order: later passes rely on what earlier ones leave. Each is held against the plain form by a test. */
export const passes = {
  foldKnown, joinReshapes, removeIdle, foldBatchNormalization, poolFirst, convolvePhases, poolTree, permuteDense, removeUnread,
} satisfies Record<string, Pass>;

/** An equal graph for this batch size, whose outputs differ by rounding alone and whose gradient runs fast. */
export function rewrite(graph: Graph, batch: number): Graph {
  return Object.values(passes).reduce((current, pass) => pass(current, inferShapes(current, batch)), removeUnread(graph));
}
