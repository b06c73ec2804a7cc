// Compiles a forward graph into one that takes many signed gradient steps by itself. It knows no attack, only that inner step.
import { floatConstant, int64Constant } from '../onnx/constants.ts';
import type { Graph, Node, ValueInfo } from '../onnx/graph.ts';
import { node } from '../onnx/node.ts';
import { differentiate } from './compile.ts';
import { hoisted } from './hoist.ts';
import { withFreeNames } from './names.ts';

/** TensorProto.DataType, as Cast wants it. */
const floatType = 1;
const int64Type = 7;
/** Twice this many times any number but 0, the smallest denormal one too, is beyond every step size. */
const huge = 2 ** 127;

const ends = ['start', 'low', 'high', 'stepSize', 'steps', 'found', 'slope', 'way', 'right', 'taken'];
const inner = [
  'trip', 'going', 'wasRight', 'goOn', 'next', 'isRight', 'slopeHere', 'large', 'larger', 'forth', 'back', 'size', 'move', 'moved', 'raised',
  'predicted', 'hit', 'steepness', 'anyRight', 'none', 'huge', 'all', 'allRight', 'label', 'most', 'trips', 'slopes', 'first', 'count',
  'counted', 'pixels', 'columnDims', 'time',
];

/**
 * x = min(max(x + stepSize * sign(gradient at x), low), high), `steps` times from `start` to `found`: the gradient of `differentiate`
 * with the cross-entropy seed, inside a Loop. Inputs, all float32: start, low, high [B,784], onehot [B,10], stepSize and steps [B,1], of
 * which the largest counts; so one session serves every radius, step size and number of steps. A pixel whose gradient is NaN turns NaN
 * and stays so, for the caller to see: to keep it in its place would cost all other models two passes over the pixels a step.
 * With `untilFooled` a row stays where the model first gets it wrong (the first of the largest logits counts), and the Loop ends when
 * no row is left.
 *
 * Further outputs [B,1]: `slope` is 0 where the gradient was 0 at every pixel of `start` (and the row did not stay there); `way` is
 * NaN where some pixel of some gradient was, and so `found` is; `right` is 1 where the row did not stay; `taken` is how many steps the
 * Loop took. Throws as `differentiate` does.
 * The weights are constants of the loop's body: taken from outside it they lose their blocked layout, and the steps a quarter of their speed.
 */
export function signSteps(forward: Graph, batch: number, untilFooled: boolean): Graph {
  const gradient = withFreeNames(differentiate(forward, batch, 'cross-entropy'), [...ends, ...inner]);
  const { inputs: [{ name: x, dims }, onehot], outputs: [{ name: logits }, { name: dx }] } = gradient;
  const { outside, inside } = hoisted(gradient, onehot.name);
  const float = (name: string, shape = dims): ValueInfo => ({ name, type: 'float32', dims: shape });
  const column = (name: string) => float(name, [batch, 1]);
  const body: Graph = {
    name: `step of ${forward.name}`,
    inputs: [{ name: 'trip', type: 'int64', dims: [] }, { name: 'going', type: 'bool', dims: [] }, float(x), column('wasRight')],
    outputs: [{ name: 'goOn', type: 'bool', dims: [] }, float('next'), column('isRight'), column('slopeHere')],
    nodes: [
      ...inside.nodes,
      ...(untilFooled ? staying(logits) : [node('Identity', ['going'], ['goOn']), node('Identity', ['wasRight'], ['isRight'])]),
      // The sign by its step: dx * huge * huge is 0 or beyond the step size, and clipped to it.
      node('Mul', [dx, 'huge'], ['large']),
      node('Mul', ['large', 'huge'], ['larger']),
      node('Clip', ['larger', 'back', 'forth'], ['size']),
      ...(untilFooled ? [node('Mul', ['size', 'isRight'], ['move'])] : []),
      node('Add', [x, untilFooled ? 'move' : 'size'], ['moved']),
      node('Max', ['moved', 'low'], ['raised']),
      node('Min', ['raised', 'high'], ['next']),
      node('ReduceL1', [dx, 'pixels'], [untilFooled ? 'steepness' : 'slopeHere']),
      // Divided by 0 where the row is wrong, which is not 0 whatever the gradient.
      ...(untilFooled ? [node('Div', ['steepness', 'isRight'], ['slopeHere'])] : []),
    ],
    constants: new Map([...inside.constants, ['huge', floatConstant([huge], [])], ['none', floatConstant([0], [])]]),
  };
  return {
    name: `steps along the gradient of ${forward.name}`,
    inputs: [float('start'), float('low'), float('high'), onehot, column('stepSize'), column('steps')],
    outputs: [float('found'), column('slope'), column('way'), column('right'), column('taken')],
    nodes: [
      ...outside.nodes,
      node('ReduceMax', ['stepSize'], ['forth'], { keepdims: 0 }),
      node('Neg', ['forth'], ['back']),
      node('ArgMax', [onehot.name], ['label'], { axis: 1 }),
      node('ReduceMax', ['steps'], ['most'], { keepdims: 0 }),
      node('Cast', ['most'], ['trips'], { to: int64Type }),
      node('Equal', ['steps', 'steps'], ['all']),
      node('Cast', ['all'], ['allRight'], { to: floatType }),
      node('Loop', ['trips', '', 'start', 'allRight'], ['found', 'right', 'slopes'], { body: { kind: 'graph', value: body } }),
      node('Gather', ['slopes', 'first'], ['slope']),
      node('ReduceSum', ['slopes', 'time'], ['way'], { keepdims: 0 }),
      node('Shape', ['slopes'], ['count'], { end: 1 }),
      node('Cast', ['count'], ['counted'], { to: floatType }),
      node('Expand', ['counted', 'columnDims'], ['taken']),
    ],
    constants: new Map([
      ...outside.constants, ['first', int64Constant([0], [])], ['time', int64Constant([0])], ['pixels', int64Constant([1])],
      ['columnDims', int64Constant([batch, 1])],
    ]),
  };
}

/** Makes `isRight` [B,1] and `slopeHere` of the logits of a row that stays once it is wrong: its iterate is the same, and so its logits. */
function staying(logits: string): Node[] {
  return [
    node('ArgMax', [logits], ['predicted'], { axis: 1 }),
    node('Equal', ['predicted', 'label'], ['hit']),
    node('Cast', ['hit'], ['isRight'], { to: floatType }),
    node('ReduceMax', ['isRight'], ['anyRight'], { keepdims: 0 }),
    node('Greater', ['anyRight', 'none'], ['goOn']),
  ];
}
