// What a model's outputs are, told from their values, and the log that turns probabilities into logits (spec 2.4).
import { floatConstant } from '../onnx/constants.ts';
import type { Graph, Model, OutputKind } from '../onnx/graph.ts';
import { node } from '../onnx/node.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The kind of outputs [N,C], N >= 1: probabilities when every value is in [-1e-5, 1 + 1e-5] and every row sums to 1 within 1e-5,
 * log-probabilities when every value is at most 1e-5 and every row's logsumexp is 0 within 1e-4, logits otherwise.
 */
export function outputKindOf({ data, shape: [rows, classes] }: Tensor): OutputKind {
  const all = Array.from({ length: rows }, (_, row) => data.subarray(row * classes, (row + 1) * classes));
  const sum = (row: Float32Array, term: (value: number) => number) => row.reduce((total, value) => total + term(value), 0);
  const isDistribution = (row: Float32Array) =>
    row.every((value) => value >= -1e-5 && value <= 1 + 1e-5) && Math.abs(sum(row, (value) => value) - 1) < 1e-5;
  const isLogDistribution = (row: Float32Array) => row.every((value) => value <= 1e-5) && Math.abs(Math.log(sum(row, Math.exp))) < 1e-4;
  if (rows > 0 && all.every(isDistribution)) return 'probabilities';
  if (rows > 0 && all.every(isLogDistribution)) return 'log-probabilities';
  return 'logits';
}

/** The same model with log(max(p, 1e-30)) of its probabilities as logits, for a graph whose last Softmax could not be cut off. */
export function withLogOutput(model: Model): Model {
  const { graph } = model;
  const [output] = graph.outputs;
  const taken = new Set([...graph.constants.keys(), ...graph.nodes.flatMap((other) => other.outputs)]);
  const free = (name: string): string => (taken.has(name) ? free(`${name}'`) : name);
  const [probabilities, bounded, least] = ['probabilities', 'probabilities.bounded', 'probabilities.least'].map(free);
  const renamed = (name: string) => (name === output.name ? probabilities : name);
  const nodes = graph.nodes.map((old) => ({ ...old, inputs: old.inputs.map(renamed), outputs: old.outputs.map(renamed) }));
  const logged: Graph = {
    ...graph,
    nodes: [...nodes, node('Max', [probabilities, least], [bounded]), node('Log', [bounded], [output.name])],
    constants: new Map([...graph.constants, [least, floatConstant([1e-30], [])]]),
  };
  return { ...model, graph: logged, output: 'probabilities' };
}
