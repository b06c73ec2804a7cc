// A thousand damaged ONNX files: each ends in an error for the student, or in a model that can be reported on.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SubmissionError } from '../../lib/errors.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { Stream } from '../../lib/random.ts';

const here = (path: string) => new URL(path, new URL('../reference/exported/', import.meta.url));
const files = [
  'pytorch/torch1.13-cnn.onnx', 'pytorch/torch2.15-mlp.onnx', 'pytorch/torch2.15-view.onnx', 'pytorch/torch2.15-norms.onnx',
  'pytorch/torch2.15-transformer-opset23.onnx', 'pytorch/torch2.15-spatial-transformer.onnx', 'sklearn/tree.onnx',
  'quantised/qdq-channel.onnx', '../gradients/unet.onnx', '../gradients/norms.onnx',
];

/** The bytes with up to four of them changed, and sometimes cut, in places that a seed chooses. */
function damaged(bytes: Uint8Array, seed: number): Uint8Array {
  const stream = new Stream([seed, 0xdead], { image: seed });
  const pick = (count: number) => Math.floor(stream.uniform() * count);
  const changed = bytes.slice();
  for (let i = 0; i <= pick(4); i++) {
    const at = pick(changed.length);
    changed[at] = [changed[at] ^ (1 << pick(8)), 0, 0xff, 0x7f, pick(256)][pick(5)];
  }
  return pick(10) === 0 ? changed.subarray(0, pick(changed.length)) : changed;
}

test.each(files)('%s, damaged a hundred ways', async (file) => {
  const bytes = new Uint8Array(readFileSync(here(file)));
  let refused = 0;
  for (let seed = 0; seed < 100; seed++) {
    const started = performance.now();
    try {
      const report = reportOf(await readUpload([{ name: 'model.onnx', bytes: damaged(bytes, seed) }]));
      expect(report.flopsPerImage).toBeGreaterThanOrEqual(0);
    } catch (error) {
      if (!(error instanceof SubmissionError)) throw new Error(`Seed ${seed} of ${file}`, { cause: error });
      expect(error.problem.found.length).toBeGreaterThan(10);
      refused++;
    }
    expect(performance.now() - started).toBeLessThan(5000);
  }
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(100);
}, 60_000);
