// Reductions over axes.
import { int } from '../../../onnx/node.ts';
import { reducedAxes } from '../../../onnx/shapes/arguments.ts';
import { integersAt } from '../../../onnx/shapes/call.ts';
import { detached, mask, rootOf, upward, type Operator, type Step, type Tf, type Value } from '../step.ts';

/** Reduces over the node's axes, kept at size 1, then takes the output's shape. Over no axes there is still the element's own part. */
const over = (compute: (tf: Tf, x: Value, axes: number[]) => Value): Operator => ({ tf, call, inputs: [x], dims: [dims] }) =>
  tf.reshape(compute(tf, x, reducedAxes(call)), [...dims]);

/** The sum over axes; over none of them the element itself. */
const total = (tf: Tf, x: Value, axes: number[]) => (axes.length === 0 ? x : tf.sum(x, axes, true));
const size = (tf: Tf, x: Value) => tf.mul(x, detached(tf, () => tf.sign(x)));

export const ReduceSum = over(total);
export const ReduceMean = over((tf, x, axes) => (axes.length === 0 ? x : tf.mean(x, axes, true)));
export const ReduceProd = over((tf, x, axes) => (axes.length === 0 ? x : tf.prod(x, axes, true)));
export const ReduceSumSquare = over((tf, x, axes) => total(tf, tf.square(x), axes));
export const ReduceL1 = over((tf, x, axes) => total(tf, size(tf, x), axes));
export const ReduceL2 = over((tf, x, axes) => rootOf(tf, total(tf, tf.square(x), axes)));
export const ReduceLogSum = over((tf, x, axes) => tf.log(total(tf, x, axes)));
export const ReduceLogSumExp = over((tf, x, axes) => {
  const top = detached(tf, () => (axes.length === 0 ? tf.clone(x) : tf.max(x, axes, true)));
  return tf.add(top, tf.log(total(tf, tf.exp(tf.sub(x, top)), axes)));
});

/** Largest or smallest over axes; the slope is shared equally by all that are equal, as in torch.amax. */
const extremum = (pick: 'max' | 'min') =>
  over((tf, x, axes) => {
    if (axes.length === 0) return x;
    const picked = tf.customGrad((...given: unknown[]) => {
      const [operand, save] = given as [Value, (saved: Value[]) => void];
      const value = tf[pick](operand, axes, true);
      save([operand, value]);
      const gradFunc = (dy: Value, [source, found]: Value[]) => {
        const winners = mask(tf, tf.equal(source, found));
        return tf.mul(winners, tf.div(dy, tf.sum(winners, axes, true)));
      };
      return { value, gradFunc };
    });
    return picked(x);
  });
export const ReduceMax = extremum('max');
export const ReduceMin = extremum('min');

const winner = (pick: 'argMax' | 'argMin') => ({ tf, node, inputs: [x], dims: [dims] }: Step): Value => {
  const axis = upward(int(node, 'axis', 0), x.rank);
  if (!int(node, 'select_last_index', 0)) return tf.reshape(tf[pick](x, axis), [...dims]);
  const last = x.shape[axis] - 1;
  return tf.reshape(tf.sub(last, tf[pick](tf.reverse(x, axis), axis)), [...dims]);
};
export const ArgMax: Operator = winner('argMax');
export const ArgMin: Operator = winner('argMin');

/** Running sums along an axis, on the last axis, where the library's own are right. */
export const CumSum: Operator = ({ tf, node, inputs: [x], call }) => {
  const axis = upward(integersAt(call, 1)![0], x.rank);
  const order = x.shape.map((_, at) => at).filter((at) => at !== axis).concat(axis);
  const back = x.shape.map((_, at) => order.indexOf(at));
  const sums = tf.cumsum(tf.transpose(x, order), x.rank - 1, int(node, 'exclusive', 0) === 1, int(node, 'reverse', 0) === 1);
  return tf.transpose(sums, back);
};
