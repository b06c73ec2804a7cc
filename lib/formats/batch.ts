// Which batch sizes a student's graph runs at. Exporters often write down the one they were shown; where only a Reshape
// or the input holds it, any size will do.
import { SubmissionError } from '../errors.ts';
import { int64Constant, integersOf } from '../onnx/constants.ts';
import { ModelError } from '../onnx/error.ts';
import type { Graph, InputLayout, Node } from '../onnx/graph.ts';
import { withAttributes } from '../onnx/node.ts';
import { toCanonicalOpset } from '../onnx/opset.ts';
import { inferShapes } from '../onnx/shapes.ts';
import { simplify } from '../onnx/simplify.ts';
import { sizeOf } from '../tensor.ts';
import { withBatch } from './input.ts';
import { withOneOutput } from './output.ts';
import { pytorchSnippet, wantedModel } from './problem.ts';

/** Two sizes that no dimension of an image has: what works at both works at any. */
const anyBatch = [2, 3] as const;

/** A batch size to work out shapes at: the model's own, or one that stands for any. */
export function typicalBatch(batch: number | null): number {
  return batch ?? anyBatch[0];
}

/**
 * The graph at the canonical opset, simplified, with its one output; `batch` is null when any size will do.
 * Throws SubmissionError when it runs at no size, or has no output [N, 10].
 */
export function settleBatch(
  source: Graph,
  opset: number,
  layout: InputLayout,
  declared: number | null,
): { graph: Graph; batch: number | null } {
  const open = withBatch(source, layout, null);
  const batch = declared ?? 1;
  const ways = [
    () => ({ graph: finished(toCanonicalOpset(open, opset, anyBatch[0]), anyBatch), batch: null }),
    () => ({ graph: relaxed(toCanonicalOpset(withBatch(source, layout, batch), opset, batch), layout, batch), batch: null }),
    () => ({ graph: finished(toCanonicalOpset(withBatch(source, layout, batch), opset, batch), [batch]), batch }),
  ];
  const failures: unknown[] = [];
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      if (!(error instanceof ModelError || error instanceof SubmissionError)) throw error;
      failures.push(error);
    }
  }
  // What went wrong at the size that the model itself declares is what the student can understand.
  throw asSubmissionError(declared === null ? failures[0] : failures[2]);
}

function asSubmissionError(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  const fix = 'Check that the exported model runs in ONNX Runtime on a batch of images, and export it again:';
  return new SubmissionError(
    { code: 'bad-graph', found: error.message, wanted: wantedModel, fix, snippet: pytorchSnippet },
    { cause: error },
  );
}

function finished(graph: Graph, batches: readonly number[]): Graph {
  const outputs = batches.map((batch) => withOneOutput(graph, inferShapes(graph, batch), batch));
  return simplify(outputs[0], batches);
}

/** The graph for any batch size, its Reshapes to [batch, ...] keeping the first dimension instead. Throws when that does not do. */
function relaxed(graph: Graph, layout: InputLayout, batch: number): Graph {
  const { dims, values } = inferShapes(graph, batch);
  const constants = new Map(graph.constants);
  const changed: Node[] = [];
  const nodes = graph.nodes.map((node) => {
    const target = node.op === 'Reshape' ? values.get(node.inputs[1]) : undefined;
    const [from, to] = [dims.get(node.inputs[0])!, dims.get(node.outputs[0])!];
    // Rows keep their elements, so that no image of a larger batch gets another's.
    const rowwise = target && integersOf(target)[0] === batch && from[0] === batch && sizeOf(from.slice(1)) === sizeOf(to.slice(1));
    if (!rowwise || to.includes(0)) return node;
    const name = `gauntlet.keep.${node.outputs[0]}`;
    constants.set(name, int64Constant([0, ...to.slice(1)]));
    changed.push(node);
    return { ...withAttributes(node, { drop: ['allowzero'] }), inputs: [node.inputs[0], name] };
  });
  const open = withBatch({ ...graph, nodes, constants }, layout, null);
  for (const size of anyBatch) {
    const shapes = inferShapes(open, size);
    const other = changed.find((node) => shapes.dims.get(node.inputs[0])![0] !== size);
    if (other) throw new ModelError(`The first dimension of "${other.inputs[0]}" is not the batch.`);
  }
  return finished(open, anyBatch);
}
