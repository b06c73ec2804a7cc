import { describe, expect, test } from 'vitest';
import { decodeModel, encodeGraph, encodeModel, parseOnnx } from '../../lib/onnx/codec.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import { float, node } from '../../lib/onnx/node.ts';
import { cnnModel, graphOf, linearModel, resnetModel } from '../models.ts';

describe('codec', () => {
  test.each([
    ['linear', linearModel()],
    ['cnn', cnnModel()],
    ['resnet', resnetModel()],
  ])('a %s model survives the round trip', (_, model) => {
    const again = decodeModel(encodeModel(model));
    expect(again).toEqual(model);
    expect(encodeModel(again)).toEqual(encodeModel(model));
  });

  test('attributes of every kind survive, whole floats as floats', () => {
    const inner = graphOf({ inputs: [], outputs: [['y', []]], nodes: [node('Identity', ['outer'], ['y'])] });
    const attributes = {
      i: -3,
      f: float(1),
      s: 'text',
      is: [1, -2, 3],
      t: floatConstant([1, 2], [2]),
      fs: { kind: 'floats', value: [0.5, 2] } as const,
      ss: { kind: 'strings', value: ['a', 'b'] } as const,
      g: { kind: 'graph', value: inner } as const,
    };
    const graph = graphOf({ nodes: [node('Relu', ['x'], ['outer']), node('Any', ['outer'], ['logits'], attributes)] });
    expect(parseOnnx(encodeGraph(graph)).graph).toEqual(graph);
  });

  test('weights are views into the file', () => {
    const bytes = encodeGraph(linearModel().graph);
    const { graph } = parseOnnx(bytes);
    for (const constant of graph.constants.values()) expect(constant.bytes.buffer).toBe(bytes.buffer);
  });

  test('a file cut anywhere is refused with a ModelError or read as less, never worse', () => {
    const bytes = encodeModel(linearModel());
    const lengths = [...Array(400).keys(), ...Array.from({ length: 400 }, (_, i) => bytes.length - 1 - i)];
    let refused = 0;
    for (const length of lengths) {
      try {
        parseOnnx(bytes.subarray(0, length));
      } catch (error) {
        expect((error as Error).name).toBe('ModelError');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(700);
  });
});
