// What scikit-learn's exporter writes: linear models with a gradient, trees and support vectors without one, answers as scikit-learn's.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/engines/open.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { canonicalise } from '../../lib/formats/canonical.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { decodeModel, encodeGraph, encodeModel } from '../../lib/onnx/codec.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { toCanonicalOpset } from '../../lib/onnx/opset.ts';
import { graphOf, uniform } from '../models.ts';
import { madeUp as images } from './answers.ts';

const folder = new URL('../reference/exported/sklearn/', import.meta.url);
const expected: Record<string, { probabilities?: number[][]; labels?: number[] }> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);

/** What has no gradient in each; the others have one. */
const flat: Record<string, string[]> = {
  tree: ['ai.onnx.ml.TreeEnsembleClassifier'], forest: ['ai.onnx.ml.TreeEnsembleClassifier'],
  boosted: ['ai.onnx.ml.TreeEnsembleClassifier'], bagged: ['ai.onnx.ml.TreeEnsembleClassifier'], svm: ['ai.onnx.ml.SVMClassifier'],
  bayes: ['Greater'], neighbours: ['Equal'],
};

async function load(name: string): Promise<Model> {
  const file = `${name}.onnx`;
  return decodeModel(encodeModel(await readUpload([{ name: file, bytes: readFileSync(new URL(file, folder)) }])));
}

async function logitsOf(model: Model): Promise<number[][]> {
  const engine = await openEngine(model);
  const rows = { image: Uint32Array.of(0, 1), draw: { role: 'evaluate', restart: 0, step: 0 } as const };
  const { data } = await engine.logits({ x: { data: images, shape: [2, 784] }, ...rows });
  await engine.close();
  return [[...data.subarray(0, 10)], [...data.subarray(10)]];
}

const softmax = (row: number[]) => {
  const exps = row.map((value) => Math.exp(value - Math.max(...row)));
  return exps.map((value) => value / exps.reduce((a, b) => a + b));
};

describe('what skl2onnx exports', () => {
  test.each(Object.entries(expected))('%s answers as scikit-learn', async (name, { probabilities, labels }) => {
    const model = await load(name);
    const logits = await logitsOf(model);
    const answers = model.output === 'probabilities' ? logits.map(softmax) : logits;
    if (labels) expect(answers.map((row) => row.indexOf(Math.max(...row)))).toEqual(labels);
    probabilities?.forEach((row, i) => row.forEach((value, c) => expect(answers[i][c]).toBeCloseTo(value, 4)));
  });

  test.each(Object.keys(expected))('%s has a gradient, or the report names what stands in its way', async (name) => {
    const report = reportOf(await load(name));
    expect(report.operatorsWithoutGradient).toEqual(flat[name] ?? []);
    expect(report.parameters).toBeGreaterThan(0);
  });
});

const linear = (labels: readonly string[], more: Parameters<typeof node>[3] = {}) => {
  const attributes = {
    coefficients: { kind: 'floats', value: [...uniform(4, 7840)] }, intercepts: { kind: 'floats', value: [...uniform(5, 10)] },
    classlabels_strings: { kind: 'strings', value: labels }, post_transform: 'NONE', ...more,
  } as const;
  return graphOf({
    inputs: [['image', [null, 784]]],
    outputs: [['label', [null], 'string'], ['scores', [null, 10]]],
    nodes: [{ ...node('LinearClassifier', ['image'], ['label', 'scores'], attributes), domain: 'ai.onnx.ml' }],
  });
};
const digits = Array.from({ length: 10 }, (_, i) => `${i}`);

describe('classes', () => {
  test('that are not 0 to 9 in order are refused, since they would be taken for others', () => {
    const names = ['Ankle boot', 'Bag', ...digits.slice(2)];
    expect(() => canonicalise(linear(names), 20)).toThrow(/classes are Ankle boot, Bag/);
    expect(canonicalise(linear(digits), 20).output).toBe('logits');
  });

  test('a transform that is not known is refused', () => {
    expect(() => canonicalise(linear(digits, { post_transform: 'PROBIT' }), 20)).toThrow(/wanted a row for every class/);
  });

  test('a model that gives classes alone is scored by them, and has no gradient', async () => {
    const graph = graphOf({
      inputs: [['image', [null, 784]]],
      outputs: [['label', [null], 'int64']],
      constants: { w: floatConstant(uniform(4, 7840), [784, 10]) },
      nodes: [node('MatMul', ['image', 'w'], ['scores']), node('ArgMax', ['scores'], ['label'], { axis: 1, keepdims: 0 })],
    });
    const model = canonicalise(graph, 20);
    const session = await ort.InferenceSession.create(encodeGraph({ ...graph, outputs: [{ name: 'scores', type: 'float32', dims: [] }] }), { intraOpNumThreads: 1 });
    const { scores } = await session.run({ image: new ort.Tensor('float32', images, [2, 784]) });
    const rows = [0, 10].map((at) => [...(scores.data as Float32Array)].slice(at, at + 10));
    expect(await logitsOf(model)).toEqual(rows.map((row) => row.map((value) => Number(value === Math.max(...row)))));
    expect(reportOf(model).operatorsWithoutGradient).toEqual(['ArgMax']);
    const engine = await openEngine(model);
    expect(engine.pullback).toBeUndefined();
    expect(engine.info.noGradient).toMatch(/No gradient passes ArgMax/);
    await engine.close();
  });

  test('rows are normalised as scikit-learn does', async () => {
    for (const norm of ['L1', 'L2', 'MAX']) {
      const scaled = { offset: { kind: 'floats', value: [0.5] }, scale: { kind: 'floats', value: [2] } } as const;
      const graph = graphOf({
        inputs: [['x', [2, 10]]],
        outputs: [['y', [2, 10]]],
        nodes: [
          { ...node('Scaler', ['x'], ['s'], scaled), domain: 'ai.onnx.ml' },
          { ...node('Normalizer', ['s'], ['y'], { norm }), domain: 'ai.onnx.ml' },
        ],
      });
      const results: number[][] = [];
      for (const each of [graph, toCanonicalOpset(graph, 17, 2)]) {
        const session = await ort.InferenceSession.create(encodeGraph(each), { intraOpNumThreads: 1 });
        const { y } = await session.run({ x: new ort.Tensor('float32', uniform(3, 20, 0.6, 1), [2, 10]) });
        results.push([...(y.data as Float32Array)]);
      }
      results[0].forEach((value, i) => expect(results[1][i]).toBeCloseTo(value, 6));
    }
  });
});
