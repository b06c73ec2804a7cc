// docs/operators.md says what the tables say, and the operators that students' models are made of are differentiable.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleOf } from '../../lib/autodiff/rules/index.ts';
import { conversions } from '../../lib/onnx/conversions.ts';
import { shapeRules } from '../../lib/onnx/shapes/index.ts';
import { operatorTable } from './operator-table.ts';

test('docs/operators.md is up to date', () => {
  const written = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
  expect(written, 'Run: npx tsx tests/reference/make_operator_table.ts').toBe(operatorTable());
});

const needed = `
  Gemm MatMul Conv ConvTranspose Einsum Add Sub Mul Div Neg Pow Sqrt Reciprocal Exp Log Abs Erf Sin Cos Min Max Sum Mean Clip Where
  Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Tanh ThresholdedRelu Softmax LogSoftmax
  BatchNormalization InstanceNormalization LayerNormalization GroupNormalization LpNormalization LRN Dropout
  MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean ReduceSum ReduceMax ReduceMin ReduceL2 ReduceSumSquare ReduceLogSumExp
  Reshape Flatten Transpose Squeeze Unsqueeze Concat Split Slice Pad Expand Tile Gather GatherElements DepthToSpace SpaceToDepth
  Identity Cast Resize GridSample AffineGrid ConstantOfShape Shape Sign Floor Ceil Round Greater Less Equal And Or Not ArgMax TopK
  ScatterND CumSum`.trim().split(/\s+/);

test.each(needed)('%s runs and has a rule', (op) => {
  expect(Object.hasOwn(shapeRules, op)).toBe(true);
  expect(ruleOf(op)).toBeDefined();
});

test.each(['RMSNormalization', 'Swish', 'Upsample', 'ai.onnx.ml.LinearClassifier', 'ai.onnx.ml.Normalizer', 'ai.onnx.ml.Scaler'])(
  '%s is rewritten',
  (op) => expect(Object.hasOwn(conversions, op)).toBe(true),
);
