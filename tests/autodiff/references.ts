// The networks of tests/reference/gradients with PyTorch's logits and gradients of a few FashionMNIST images.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { readUpload } from '../../lib/formats/read.ts';
import type { Graph, Model } from '../../lib/onnx/graph.ts';

const folder = join(import.meta.dirname, '../reference/gradients');
export const names = readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => file.replace('.json', ''));

/** `gradient` is that of plain cross-entropy, `pullback` that of `cotangent`. */
type Arrays = Record<'logits' | 'gradient' | 'cotangent' | 'pullback', Float32Array>;
export type Reference = { model: Model; graph: Graph; labels: number[]; x: Float32Array } & Arrays;

let dataset: Promise<Dataset> | undefined;

function floats(digits: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(digits, 'hex')).buffer);
}

export async function referenceOf(name: string): Promise<Reference> {
  const { test } = await (dataset ??= findFashionMnist().then(loadFashionMnist));
  const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const model = await readUpload([{ name: json.model, bytes: readFileSync(join(folder, json.model)) }]);
  const x = Float32Array.from(json.images.flatMap((index: number) => [...imageOf(test, index)]), (value: number) => value / 255);
  const [logits, gradient, cotangent, pullback] = [json.logits, json.gradient, json.cotangent, json.pullback].map(floats);
  return { model, graph: model.graph, labels: json.labels, x, logits, gradient, cotangent, pullback };
}
