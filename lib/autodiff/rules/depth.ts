// Rules of operators that sum along an axis or exchange depth for space.
import { int, text } from '../../onnx/node.ts';
import type { Rule } from '../rule.ts';

/** Channels become blocks of pixels: dx = the blocks of dy as channels again, in the mode's order. */
export const DepthToSpace: Rule = ({ b, dy, node, node: { inputs: [x] } }) => {
  const size = int(node, 'blocksize', 1);
  const [batch, channels, height, width] = b.dims(x);
  if (text(node, 'mode', 'DCR') === 'DCR') return [b.node('SpaceToDepth', [dy], b.dims(x), { blocksize: size })];
  // CRD: channel c b^2 + i b + j of x is pixel (i, j) of each block of channel c.
  const apart = b.reshape(dy, [batch, channels / (size * size), height, size, width, size]);
  return [b.reshape(b.transpose(apart, [0, 1, 3, 5, 2, 4]), b.dims(x))];
};

/** Blocks of pixels become channels: dx = the channels of dy as blocks again. */
export const SpaceToDepth: Rule = ({ b, dy, node, node: { inputs: [x] } }) => [
  b.node('DepthToSpace', [dy], b.dims(x), { blocksize: int(node, 'blocksize', 1), mode: 'DCR' }),
];

/** y_i = sum of x_j for j <= i: dx_j = sum of dy_i for i >= j, the running sum from the other end. */
export const CumSum: Rule = ({ b, dy, node, node: { inputs: [, axis] } }) => [
  b.node('CumSum', [dy, axis], b.dims(dy), { exclusive: int(node, 'exclusive', 0), reverse: 1 - int(node, 'reverse', 0) }),
];

/** y = x above or below a diagonal, 0 elsewhere: dx = dy there. */
export const Trilu: Rule = ({ b, dy, node, node: { inputs: [, diagonal] } }) => [
  b.node('Trilu', diagonal ? [dy, diagonal] : [dy], b.dims(dy), { upper: int(node, 'upper', 1) }),
];
