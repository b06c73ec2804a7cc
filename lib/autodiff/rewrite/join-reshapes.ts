// Makes one step of several changes of shape in a row: the first dense layer of an image model then reads the pixels as they come.
import { Builder } from '../builder.ts';
import { linksOf, Edits, type Pass } from './pass.ts';

const changesShape = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/** A change of shape reads what the first one of its row read. Those that nobody reads any more, and idle ones, fall to later passes. */
export const joinReshapes: Pass = (graph, { dims, values }) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  const b = new Builder(dims, values);
  const isChange = (node: ReturnType<typeof links.maker>) => node !== undefined && node.domain === '' && changesShape.has(node.op);
  for (const node of graph.nodes) {
    let source = node.inputs[0];
    if (!isChange(node) || !isChange(links.maker(source))) continue;
    while (isChange(links.maker(source))) source = links.maker(source)!.inputs[0];
    const [output] = node.outputs;
    // The same shape leaves an Identity, since an output's name may hang on the node.
    const shape = dims.get(output)!;
    const same = String(dims.get(source)) === String(shape);
    edits.replace(node, b.taken(same ? b.map('Identity', source) : b.reshape(source, shape), output));
  }
  return edits.applied(b.constants);
};
