// scikit-learn's linear operators (domain ai.onnx.ml) in standard ones, so that their models have gradients.
import type { Conversion } from '../conversions.ts';
import { floatConstant, int64Constant } from '../constants.ts';
import { ModelError } from '../error.ts';
import type { Node } from '../graph.ts';
import { nameOf, node as make, number, text } from '../node.ts';

/** A float-list attribute. */
function floats(node: Node, name: string): readonly number[] {
  const found = node.attributes[name];
  return found?.kind === 'floats' ? found.value : [];
}

/** Scores to what the model returns; NONE is not in the table, they stay as they are. */
const transforms: Readonly<Record<string, (x: string, y: string) => Node>> = {
  NONE: (x, y) => make('Identity', [x], [y]),
  SOFTMAX: (x, y) => make('Softmax', [x], [y], { axis: -1 }),
  LOGISTIC: (x, y) => make('Sigmoid', [x], [y]),
};

/** x W^T + b and its transform. */
const affine: (outputs: (node: Node) => { scores: string; label?: string }) => Conversion = (outputs) => (node, context) => {
  const { scores, label } = outputs(node);
  const [x] = node.inputs;
  const coefficients = floats(node, 'coefficients');
  const [, features] = context.dims(x);
  if (context.dims(x).length !== 2) throw new ModelError(`${nameOf(node)} reads [${context.dims(x)}]; wanted a matrix of features [N, F].`);
  const rows = coefficients.length / features;
  const given = floats(node, 'intercepts');
  const transform = Object.hasOwn(transforms, text(node, 'post_transform', 'NONE')) && transforms[text(node, 'post_transform', 'NONE')];
  if (!transform || !Number.isInteger(rows) || rows < 1 || (given.length > 0 && given.length !== rows) || (label && rows < 2)) {
    const found = `${nameOf(node)} has ${coefficients.length} coefficients, ${given.length} intercepts and ${features} features`;
    throw new ModelError(`${found}; wanted a row for every class, and the transform NONE, SOFTMAX or LOGISTIC.`);
  }
  const w = context.constant(`${scores}_weights`, floatConstant(coefficients, [rows, features]));
  const b = context.constant(`${scores}_bias`, floatConstant(given.length > 0 ? given : new Float32Array(rows), [rows]));
  const raw = context.fresh(`${scores}_raw`);
  const labels = label ? [make('ArgMax', [scores], [label], { axis: 1, keepdims: 0 })] : [];
  return [make('Gemm', [x, w, b], [raw], { transB: 1 }), transform(raw, scores), ...labels];
};

/** Smallest divisor of a row: a row of zeros stays one. */
const tiny = 1e-30;

export const traditional: Readonly<Record<string, Conversion>> = {
  'ai.onnx.ml.LinearClassifier': affine(({ outputs: [label, scores] }) => ({ scores, label })),
  'ai.onnx.ml.LinearRegressor': affine(({ outputs: [scores] }) => ({ scores })),

  'ai.onnx.ml.Scaler': (node, context) => {
    const [[x], [y]] = [node.inputs, node.outputs];
    const vector = (name: string) => context.constant(`${y}_${name}`, floatConstant(floats(node, name), [floats(node, name).length]));
    const centred = context.fresh(`${y}_centred`);
    return [make('Sub', [x, vector('offset')], [centred]), make('Mul', [centred, vector('scale')], [y])];
  },

  /** A softmax sums to 1 already. */
  'ai.onnx.ml.Normalizer': (node, context) => {
    const [[x], [y]] = [node.inputs, node.outputs];
    const norm = text(node, 'norm', 'MAX');
    if (norm === 'L1' && context.maker(x)?.op === 'Softmax') return [make('Identity', [x], [y])];
    const reduction = new Map([['L1', 'ReduceL1'], ['L2', 'ReduceL2'], ['MAX', 'ReduceMax']]).get(norm);
    if (!reduction) throw new ModelError(`${nameOf(node)} has norm ${norm}; wanted L1, L2 or MAX.`);
    const [size, divisor] = ['size', 'divisor'].map((part) => context.fresh(`${y}_${part}`));
    const axes = context.constant(`${y}_axes`, int64Constant([1]));
    const least = context.constant(`${y}_least`, floatConstant([tiny], []));
    return [make(reduction, [x, axes], [size]), make('Max', [size, least], [divisor]), make('Div', [x, divisor], [y])];
  },

  /** 1 above the threshold, else 0. */
  'ai.onnx.ml.Binarizer': (node, context) => {
    const [[x], [y]] = [node.inputs, node.outputs];
    const threshold = context.constant(`${y}_threshold`, floatConstant([number(node, 'threshold', 0)], []));
    const above = context.fresh(`${y}_above`);
    return [make('Greater', [x, threshold], [above]), make('Cast', [above], [y], { to: 1 })];
  },

  /** Distances [N, M] between the rows of two matrices, as skl2onnx writes nearest neighbours when asked to: |a|^2 + |b|^2 - 2 a b. */
  'com.microsoft.CDist': (node, context) => {
    const [[a, b], [y]] = [node.inputs, node.outputs];
    const metric = text(node, 'metric', 'sqeuclidean');
    if (!['euclidean', 'sqeuclidean'].includes(metric)) {
      throw new ModelError(`${nameOf(node)} has metric ${metric}; wanted euclidean or sqeuclidean.`);
    }
    const [columns, lengths, others, row, products, double, sum, raw, positive] = [
      'columns', 'lengths', 'others', 'row', 'products', 'double', 'sum', 'raw', 'positive',
    ].map((part) => context.fresh(`${y}_${part}`));
    const axis = context.constant(`${y}_axis`, int64Constant([1]));
    const scalar = (value: number) => context.constant(`${y}_number`, floatConstant([value], []));
    return [
      make('ReduceSumSquare', [a, axis], [lengths], { keepdims: 1 }),
      make('ReduceSumSquare', [b, axis], [others], { keepdims: 1 }),
      make('Transpose', [others], [row], { perm: [1, 0] }),
      make('Transpose', [b], [columns], { perm: [1, 0] }),
      make('MatMul', [a, columns], [products]),
      make('Mul', [products, scalar(2)], [double]),
      make('Add', [lengths, row], [sum]),
      make('Sub', [sum, double], [raw]),
      // Rounding may leave a little less than nothing.
      make('Max', [raw, scalar(0)], [positive]),
      make(metric === 'euclidean' ? 'Sqrt' : 'Identity', [positive], [y]),
    ];
  },

  /** Columns of a matrix; a vector counts as a matrix of one row. */
  'ai.onnx.ml.ArrayFeatureExtractor': (node, context) => {
    const [[x, indices], [y]] = [node.inputs, node.outputs];
    const [flat, picked] = ['indices', 'picked'].map((part) => context.fresh(`${y}_${part}`));
    const row = (count: number) => context.constant(`${y}_shape`, int64Constant(count === 1 ? [-1] : [1, -1]));
    const last = make('Gather', [x, flat], [context.dims(x).length === 1 ? picked : y], { axis: -1 });
    const wide = context.dims(x).length === 1 ? [make('Reshape', [picked, row(2)], [y])] : [];
    return [make('Reshape', [indices, row(1)], [flat]), last, ...wide];
  },
};
