// What a classifier returns beside its scores: predicted classes and maps from class to score, as scikit-learn's exporter writes them.
import { isFloat } from '../onnx/constants.ts';
import type { Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { withoutUnread } from '../onnx/simplify.ts';
import { wrongModel } from './problem.ts';

const labelLists = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

/**
 * The graph with its scores as outputs: a ZipMap gives way to the tensor it reads, and where there are scores, outputs that are classes
 * are left out. Throws SubmissionError when the classes are not 0 to 9 in order, since scores would then mean other classes.
 */
export function withScores(graph: Graph): Graph {
  graph.nodes.forEach(checkLabels);
  const zipped = new Map(graph.nodes.filter(isZipMap).map(({ inputs, outputs }) => [outputs[0], inputs[0]]));
  const outputs = graph.outputs.map((output): ValueInfo => {
    const scores = zipped.get(output.name);
    return scores ? { name: scores, type: 'float32', dims: [] } : output;
  });
  const scores = outputs.filter(({ type }) => isFloat(type));
  if (scores.length === outputs.length && zipped.size === 0) return graph;
  return withoutUnread({ ...graph, outputs: scores.length > 0 ? scores : outputs });
}

function isZipMap({ domain, op }: Node): boolean {
  return domain === 'ai.onnx.ml' && op === 'ZipMap';
}

function checkLabels(node: Node): void {
  if (node.domain !== 'ai.onnx.ml') return;
  for (const name of labelLists) {
    const list = node.attributes[name];
    if (list?.kind !== 'strings' && list?.kind !== 'ints') continue;
    const labels = list.value.map(String);
    if (labels.every((label, i) => label === String(i))) continue;
    const found = `The model's classes are ${labels.slice(0, 12).join(', ')}.`;
    throw wrongModel('class-labels', found, "Train with FashionMNIST's class numbers 0 to 9 as labels, and export again.");
  }
}
