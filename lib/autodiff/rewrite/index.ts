// Rewrites before differentiation.
import type { Graph } from '../../onnx/graph.ts';
export function rewrite(graph: Graph, batch: number): Graph {
  void batch;
  return graph;
}
