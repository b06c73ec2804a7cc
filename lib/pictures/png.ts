// Several 28x28 pictures as one PNG, of which a page shows places. Knows no trial and no data.
import { encode } from 'fast-png';
import { pixels, side } from '../images/warp.ts';

/** Gray, or red, green, blue and opacity: the values of a pixel. */
export type Channels = 1 | 4;

/** An 8-bit PNG of levels [height, width, channels]. */
export function png(levels: Uint8Array, width: number, channels: Channels = 1): Uint8Array<ArrayBuffer> {
  const height = levels.length / width / channels;
  return new Uint8Array(encode({ width, height, data: levels, channels, depth: 8 }, { zlib: { level: 6 } }));
}

/** A sprite and where its pictures stand: `columns` in a row, the first at the top left, the place of a null black (or clear). */
export type Sprite = { png: Uint8Array<ArrayBuffer>; columns: number; rows: number };

/** Pictures [784, channels] side by side, `columns` in a row. */
export function spriteOf(pictures: readonly (Uint8Array | null)[], columns = 10, channels: Channels = 1): Sprite {
  const rows = Math.max(1, Math.ceil(pictures.length / columns));
  const width = columns * side;
  const levels = new Uint8Array(rows * columns * pixels * channels);
  pictures.forEach((picture, i) => {
    if (!picture) return;
    const [row, column] = [Math.floor(i / columns), i % columns];
    for (let y = 0; y < side; y++) {
      const line = picture.subarray(y * side * channels, (y + 1) * side * channels);
      levels.set(line, ((row * side + y) * width + column * side) * channels);
    }
  });
  return { png: png(levels, width, channels), columns, rows };
}

/** A PNG as the address of an image. */
export function dataUri(bytes: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}`;
}
