// Moves rising activations from before a MaxPool to behind it: the maximum of f(x) is f of the maximum, on fewer elements.
import type { Node } from '../../onnx/graph.ts';
import { number } from '../../onnx/node.ts';
import { Edits, linksOf, type Pass } from './pass.ts';

/** Whether an activation never falls; where it is flat its slope is 0, so that a tie it makes carries no gradient. */
export function isRising(node: Node): boolean {
  if (node.domain !== '') return false;
  if (node.op === 'LeakyRelu') return number(node, 'alpha', 0.01) >= 0;
  return ['Relu', 'Clip', 'Sigmoid', 'Tanh'].includes(node.op);
}

export const poolFirst: Pass = (graph) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  for (const pool of graph.nodes) {
    if (pool.op !== 'MaxPool' || pool.outputs[1]) continue;
    const activation = links.maker(pool.inputs[0]);
    if (!activation || !isRising(activation) || links.onlyReader(activation.outputs[0]) !== pool) continue;
    const [y] = pool.outputs;
    const pooled = edits.name(`${y}/pooled`);
    edits.replace(activation, []);
    edits.replace(pool, [
      { ...pool, inputs: [activation.inputs[0]], outputs: [pooled] },
      { ...activation, inputs: [pooled, ...activation.inputs.slice(1)], outputs: [y] },
    ]);
  }
  return edits.applied();
};
