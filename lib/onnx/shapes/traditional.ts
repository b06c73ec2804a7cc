// Shape rules of the operators of ai.onnx.ml that ONNX Runtime runs as they are: trees and support vectors. They have no gradient.
import { input, misfit, type Call, type ShapeRule, type Value } from './call.ts';

function listed(call: Call, ...names: string[]): number {
  const lists = names.map((name) => call.node.attributes[name]);
  const found = lists.find((each) => each && Array.isArray(each.value) && each.value.length > 0);
  return found ? (found.value as readonly unknown[]).length : 0;
}

function rows(call: Call): number {
  const { dims } = input(call);
  if (dims.length !== 2) throw misfit(call, 'a matrix of features [N, F]');
  return dims[0];
}

function labelled(call: Call, scores: number): Value[] {
  const text = listed(call, 'classlabels_strings') > 0;
  return [{ dims: [rows(call)], type: text ? 'string' : 'int64' }, { dims: [rows(call), scores], type: 'float32' }];
}

const classes = (call: Call) => listed(call, 'classlabels_strings', 'classlabels_int64s', 'classlabels_ints');
const regressed: ShapeRule = (call) => {
  const targets = call.node.attributes.n_targets;
  return [{ dims: [rows(call), targets?.kind === 'int' ? targets.value : 1], type: 'float32' }];
};

/** By domain and operator. */
export const traditionalRules: Readonly<Record<string, ShapeRule>> = {
  'ai.onnx.ml.TreeEnsembleClassifier': (call) => labelled(call, classes(call)),
  'ai.onnx.ml.TreeEnsembleRegressor': regressed,
  /** Without probabilities, one score for each pair of classes. */
  'ai.onnx.ml.SVMClassifier': (call) => {
    const count = classes(call);
    const pairs = listed(call, 'vectors_per_class') > 0 && listed(call, 'prob_a') === 0;
    return labelled(call, pairs ? (count * (count - 1)) / 2 : count);
  },
  'ai.onnx.ml.SVMRegressor': regressed,
};
