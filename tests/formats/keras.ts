// The saved Keras and TensorFlow.js models that tests/reference/export_keras.py made, as they would be uploaded.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { UploadedFile } from '../../lib/formats/archive.ts';

const folder = new URL('fixtures/', import.meta.url);

/** Fixture files: 'cnn.keras', 'branches.h5', or 'tfjs/old-cnn', a folder. */
export function savedModel(name: string): UploadedFile[] {
  if (!name.startsWith('tfjs/')) {
    return [{ name, bytes: new Uint8Array(gunzipSync(readFileSync(new URL(`keras/${name}.gz`, folder)))) }];
  }
  const inside = new URL(`${name}/`, folder);
  return readdirSync(inside).map((file) => ({ name: file, bytes: new Uint8Array(readFileSync(new URL(file, inside))) }));
}

/** All of them by name, and the model each holds. */
export const savedModels: readonly string[] = [
  ...readdirSync(new URL('keras/', folder)).flatMap((file) => (file.endsWith('.gz') ? [file.slice(0, -3)] : [])),
  ...readdirSync(new URL('tfjs/', folder)).map((name) => `tfjs/${name}`),
];

/** What TensorFlow answered on the first four test images. */
export function expectedOf(name: string): { labels: number[]; output: Float32Array; gradient: Float32Array } {
  const { labels, models } = JSON.parse(readFileSync(new URL('keras/expected.json', folder), 'utf8'));
  const model = name.replace(/^tfjs\//, '').replace(/\.(keras|h5)$/, '');
  const floats = (text: string) => new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
  return { labels, output: floats(models[model].output), gradient: floats(models[model].gradient) };
}
