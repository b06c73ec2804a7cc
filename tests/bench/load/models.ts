// Models as a class uploads them: of three sizes, each another one, and each a classifier, since it has the linear baseline in its first units.
import { readFile } from 'node:fs/promises';
import { encodeModel, parseOnnx } from '../../../lib/onnx/codec.ts';
import { floatConstant, floatsOf } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { deriveKey, seedHexOf, Stream } from '../../../lib/random.ts';
import { graphOf, modelOf, uniform } from '../../models.ts';
import type { Size } from './timetable.ts';

/** Hidden units of 784-h-10: 3.2 kB each. */
const units: Record<Size, number> = { '60 kB': 20, '5 MB': 1570, '20 MB': 6290 };
const [inputs, classes] = [784, 10];

export type ModelMaker = (size: Size, which: string) => Uint8Array<ArrayBuffer>;

/** Gives an ONNX file for each name: other weights for another name. */
export async function modelMaker(): Promise<ModelMaker> {
  const { graph } = parseOnnx(await readFile(new URL('../../../lib/baselines/linear.onnx', import.meta.url)));
  const shaped = (...dims: number[]) => floatsOf([...graph.constants.values()].find((one) => `${one.dims}` === `${dims}`)!);
  const [weight, bias] = [shaped(classes, inputs), shaped(classes)];
  const hidden = new Map<Size, Float32Array>();
  return (size, which) => {
    const count = units[size];
    if (!hidden.has(size)) hidden.set(size, firstLayer(weight, count));
    const graph = graphOf({
      constants: {
        w1: floatConstant(hidden.get(size)!, [count, inputs]), b1: floatConstant(new Float32Array(count), [count]),
        w2: floatConstant(lastLayer(count), [classes, count]), b2: floatConstant(disturbed(bias, which), [classes]),
      },
      nodes: [
        node('Gemm', ['x', 'w1', 'b1'], ['h'], { transB: 1 }), node('Relu', ['h'], ['r']), node('Gemm', ['r', 'w2', 'b2'], ['logits'], { transB: 1 }),
      ],
    });
    return new Uint8Array(encodeModel(modelOf(graph)));
  };
}

/** The logits and their negatives, of which a ReLU leaves what makes them whole again; the rest is there for its size. */
function firstLayer(weight: Float32Array, count: number): Float32Array {
  const layer = new Float32Array(count * inputs);
  layer.set(weight);
  layer.set(weight.map((value) => -value), weight.length);
  // The same thousand again and again: drawing millions would take longer than all that is measured.
  const filling = uniform(1, 1000, -0.05, 0.05);
  for (let i = 2 * weight.length; i < layer.length; i++) layer[i] = filling[i % 1000];
  return layer;
}

function lastLayer(count: number): Float32Array {
  const layer = new Float32Array(classes * count);
  for (let k = 0; k < classes; k++) {
    layer[k * count + k] = 1;
    layer[k * count + classes + k] = -1;
  }
  return layer;
}

/** So far that accuracies differ by a few points. */
function disturbed(bias: Float32Array, which: string): Float32Array {
  const chance = new Stream(deriveKey(seedHexOf(which), 'parameters', 'model', 'evaluate'), { image: 0 });
  return bias.map((value) => value + 2 * chance.uniform() - 1);
}
