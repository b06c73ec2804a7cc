// The saved Keras and TensorFlow.js models that tests/reference/export_keras.py and export_tfjs.mjs made, as they would be uploaded.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { imageOf, loadFashionMnist } from '../../lib/datasets/load.ts';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { floatsOf } from './answers.ts';

const folder = new URL('../reference/exported/', import.meta.url);

/** Fixture files: 'cnn.keras', 'branches.h5', or 'tfjs/old-cnn', a folder. */
export function savedModel(name: string): UploadedFile[] {
  if (!name.startsWith('tfjs/')) {
    return [{ name, bytes: new Uint8Array(gunzipSync(readFileSync(new URL(`keras/${name}.gz`, folder)))) }];
  }
  const inside = new URL(`${name}/`, folder);
  const files = readdirSync(inside).filter((file) => file !== 'expected.json');
  return files.map((file) => ({ name: file, bytes: new Uint8Array(readFileSync(new URL(file, inside))) }));
}

/** All of them by name, and the model each holds. */
export const savedModels: readonly string[] = [
  ...readdirSync(new URL('keras/', folder)).flatMap((file) => (file.endsWith('.gz') ? [file.slice(0, -3)] : [])),
  ...readdirSync(new URL('tfjs/', folder)).map((name) => `tfjs/${name}`),
];

/** What the framework answered on the first four test images. */
export function expectedOf(name: string): { labels: number[]; output: Float32Array; gradient: Float32Array } {
  const json = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const { labels, models } = json('keras/expected.json');
  const { output, gradient } = name === 'tfjs/saved' ? json('tfjs/saved/expected.json') : models[name.replace(/^tfjs\/|\.\w+$/g, '')];
  return { labels, output: floatsOf(output), gradient: floatsOf(gradient) };
}

/** Those images [4, 784] in [0, 1]. */
export async function firstImages(): Promise<Float32Array> {
  const { test } = await loadFashionMnist(await findFashionMnist());
  return Float32Array.from([0, 1, 2, 3].flatMap((index) => [...imageOf(test, index)]), (value) => value / 255);
}
