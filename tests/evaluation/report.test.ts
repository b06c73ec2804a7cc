import { readBaseline } from '../../lib/baselines/index.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../lib/evaluation/report.ts';
import { canonicalise } from '../../lib/formats/canonical.ts';
import { int64Constant } from '../../lib/onnx/constants.ts';
import { node } from '../../lib/onnx/node.ts';
import { cnnModel, graphOf, linear, linearModel, resnetModel } from '../models.ts';

describe('report', () => {
  test('a linear model', () => {
    expect(reportOf(linearModel())).toEqual({
      layout: 'N,784',
      output: 'logits',
      scaling: { scale: 1, mean: 0, deviation: 1 },
      batch: null,
      parameters: 7850,
      flopsPerImage: 15_680,
      operators: { Gemm: 1 },
      operatorsWithoutGradient: [],
      maskingOperators: [],
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      layers: { count: 1, shown: [{ name: 'Gemm_logits', operator: 'Gemm', output: [10], parameters: 7850, flops: 15680 }] },
      notes: [],
    });
  });

  test('pixel scaling is no parameter of the model', () => {
    const scaling = { scale: 255, mean: 72.9, deviation: 90 } as const;
    expect(reportOf(canonicalise(linearModel().graph, 20, { scaling })).parameters).toBe(7850);
  });

  test('operators are counted, and it is plain JSON', () => {
    const report = reportOf(resnetModel());
    expect(report.operators).toEqual({
      Add: 2,
      BatchNormalization: 4,
      Conv: 6,
      Flatten: 1,
      Gemm: 1,
      GlobalAveragePool: 1,
      Relu: 4,
      Reshape: 1,
    });
    expect(report.operatorsWithoutGradient).toEqual([]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('probabilities, scaling and a fixed batch are told to the student', () => {
    const constants = { square: int64Constant([28, 28]), shape: int64Constant([1, 784]) };
    const nodes = [
      node('Reshape', ['image', 'square'], ['s']),
      node('Reshape', ['s', 'shape'], ['flat']),
      linear(constants, 1, 'flat', 'z', [784, 10]),
      node('Softmax', ['z'], ['p'], { axis: 1 }),
    ];
    const graph = graphOf({ inputs: [['image', [1, 1, 28, 28]]], outputs: [['p', [1, 10]]], constants, nodes });
    const { notes, batch, output } = reportOf(canonicalise(graph, 20, { scaling: { scale: 255, mean: 0, deviation: 1 } }));
    expect({ batch, output }).toEqual({ batch: 1, output: 'probabilities' });
    expect(notes).toEqual([
      expect.stringMatching(/output is probabilities/),
      expect.stringMatching(/only runs on one image at a time/),
      expect.stringMatching(/x from 0 to 255/),
    ]);
  });

  test('operators without a gradient are named, and only those between image and logits', () => {
    const { graph } = cnnModel();
    const nodes = graph.nodes.map((each) =>
      each.op === 'LeakyRelu' ? node('Mod', [each.inputs[0], each.inputs[0]], each.outputs, { fmod: 1 }) : each,
    );
    const report = reportOf({ ...cnnModel(), graph: { ...graph, nodes } });
    expect(report.operatorsWithoutGradient).toEqual(['Mod']);
    expect(report.notes).toEqual([expect.stringMatching(/No gradient is known for Mod/)]);
  });
});

describe('layers', () => {
  test.each(['reference-cnn.onnx', 'mlp.onnx'] as const)('of %s add up to its totals, and the file says where it is from', async (name) => {
    const model = await readUpload([{ name, bytes: new Uint8Array(await readBaseline(name)) }]);
    const { layers, parameters, flopsPerImage, origin } = reportOf(model);
    expect(layers!.shown.length).toBe(layers!.count);
    expect(layers!.shown.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
    expect(layers!.shown.reduce((sum, layer) => sum + layer.flops, 0)).toBe(flopsPerImage);
    expect(layers!.shown.at(-1)).toMatchObject({ operator: 'Gemm', output: [10] });
    expect(origin).toMatchObject({ format: 'ONNX', opset: expect.any(Number) });
  });
});
