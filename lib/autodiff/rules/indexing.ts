// Rules of operators that read and write by index: what was read gets its cotangent back, what was overwritten gets none.
import { int, text } from '../../onnx/node.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

/** y = x at indices along an axis: dx = dy added up where it was read. */
export const GatherElements: Rule = ({ b, dy, node, node: { inputs: [x, indices] } }) => {
  const dims = b.dims(x);
  return [b.node('ScatterElements', [b.zeros(dims), indices, dy], dims, { axis: int(node, 'axis', 0), reduction: 'add' })];
};

/** y = slices of x at indices: dx = dy added up where it was read. */
export const GatherND: Rule = ({ b, dy, node, node: { inputs: [x, indices] } }) => {
  if (int(node, 'batch_dims', 0) !== 0) throw noGradient(node, 'it has batch_dims; wanted 0');
  return [b.node('ScatterND', [b.zeros(b.dims(x)), indices, dy], b.dims(x), { reduction: 'add' })];
};

/** The k largest or smallest values along an axis: dx is zero but for dy at their places. */
export const TopK: Rule = ({ b, dy, node, node: { inputs: [x] } }) => {
  const indices = b.extraOutput(node, 1, b.dims(dy));
  return [b.node('ScatterElements', [b.zeros(b.dims(x)), indices, dy], b.dims(x), { axis: int(node, 'axis', -1) })];
};

/** y = x with `updates` in the place of, or added to, elements: dx = dy (without those replaced), dupdates = dy where they went. */
function scattered({ b, dy, wants, node, node: { inputs: [, indices, updates] } }: Step, read: string, attributes: Record<string, number>) {
  const reduction = text(node, 'reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') throw noGradient(node, `its reduction is ${reduction}; wanted none or add`);
  const kept = () =>
    reduction === 'add' ? dy : b.node(node.op, [dy, indices, b.zeros(b.dims(updates))], b.dims(dy), attributes);
  return [wants(0) ? kept() : null, null, wants(2) ? b.node(read, [dy, indices], b.dims(updates), attributes) : null];
}

export const ScatterElements: Rule = (step) => scattered(step, 'GatherElements', { axis: int(step.node, 'axis', 0) });
export const ScatterND: Rule = (step) => scattered(step, 'GatherND', {});
