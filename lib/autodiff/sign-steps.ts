// Compiles a forward graph into one that takes many signed gradient steps by itself. It knows no attack, only that inner step.
import { floatConstant, int64Constant } from '../onnx/constants.ts';
import type { Graph, ValueInfo } from '../onnx/graph.ts';
import { node } from '../onnx/node.ts';
import { differentiate } from './compile.ts';
import { withFreeNames } from './names.ts';

/** TensorProto.DataType, as Cast wants it. */
const floatType = 1;
const int64Type = 7;

const ends = ['start', 'low', 'high', 'stepSize', 'steps', 'found'];
const inner = ['trip', 'going', 'goOn', 'next', 'none', 'rises', 'falls', 'up', 'down', 'sign', 'move', 'moved', 'raised', 'most', 'trips', 'axes'];

/**
 * x = min(max(x + stepSize * sign(gradient at x), low), high), `steps` times from `start` to `found`: the gradient of `differentiate`
 * with the cross-entropy seed, inside a Loop. Inputs, all float32: start, low, high [B,784], onehot [B,10], stepSize and steps [B,1], of
 * which the largest counts; so one session serves every radius, step size and number of steps. Throws as `differentiate` does.
 * The weights are constants of the loop's body: taken from outside it they lose their blocked layout, and the steps a quarter of their speed.
 */
export function signSteps(forward: Graph, batch: number): Graph {
  const gradient = withFreeNames(differentiate(forward, batch, 'cross-entropy'), [...ends, ...inner]);
  const { inputs: [{ name: x, dims }, onehot], outputs: [, { name: dx }] } = gradient;
  const float = (name: string, shape = dims): ValueInfo => ({ name, type: 'float32', dims: shape });
  const body: Graph = {
    name: `step of ${forward.name}`,
    inputs: [{ name: 'trip', type: 'int64', dims: [] }, { name: 'going', type: 'bool', dims: [] }, float(x)],
    outputs: [{ name: 'goOn', type: 'bool', dims: [] }, float('next')],
    nodes: [
      node('Identity', ['going'], ['goOn']),
      ...gradient.nodes,
      // Not Sign, which makes NaN of NaN: a pixel without a usable gradient stays.
      node('Greater', [dx, 'none'], ['rises']),
      node('Less', [dx, 'none'], ['falls']),
      node('Cast', ['rises'], ['up'], { to: floatType }),
      node('Cast', ['falls'], ['down'], { to: floatType }),
      node('Sub', ['up', 'down'], ['sign']),
      node('Mul', ['sign', 'stepSize'], ['move']),
      node('Add', [x, 'move'], ['moved']),
      node('Max', ['moved', 'low'], ['raised']),
      node('Min', ['raised', 'high'], ['next']),
    ],
    constants: new Map([...gradient.constants, ['none', floatConstant([0], [])]]),
  };
  return {
    name: `steps along the gradient of ${forward.name}`,
    inputs: [float('start'), float('low'), float('high'), onehot, float('stepSize', [batch, 1]), float('steps', [batch, 1])],
    outputs: [float('found')],
    nodes: [
      node('ReduceMax', ['steps', 'axes'], ['most'], { keepdims: 0 }),
      node('Cast', ['most'], ['trips'], { to: int64Type }),
      node('Loop', ['trips', '', 'start'], ['found'], { body: { kind: 'graph', value: body } }),
    ],
    constants: new Map([['axes', int64Constant([0, 1])]]),
  };
}
