// One picture of a set: a row for each kind, a column for each severity, in each place the first image that got them.
import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';
import { pixels, side } from '../images/warp.ts';
import type { TrainingSet } from './perturbed.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** An 8-bit gray PNG of levels [height, width]. */
function png(levels: Uint8Array, width: number): Buffer {
  const height = levels.length / width;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(8, 8);
  // Each row opens with its filter, 0 for none.
  const rows = new Uint8Array(height * (width + 1));
  for (let row = 0; row < height; row++) rows.set(levels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array(0))]);
}

/** The sheet as PNG, 28 pixels a place; black where a small set has no such image. */
export function contactSheet(set: TrainingSet, severities: readonly number[]): Buffer {
  const width = severities.length * side;
  const levels = new Uint8Array(set.kinds.length * side * width);
  const empty = new Uint8Array(pixels);
  set.kinds.forEach((_, kind) => {
    severities.forEach((severity, column) => {
      const first = set.perturbation.findIndex((of, i) => of === kind && set.severity[i] === severity);
      const image = first < 0 ? empty : set.images(first, first + 1);
      for (let row = 0; row < side; row++) {
        levels.set(image.subarray(row * side, (row + 1) * side), (kind * side + row) * width + column * side);
      }
    });
  });
  return png(levels, width);
}
