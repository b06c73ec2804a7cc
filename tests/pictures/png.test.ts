// Sprites, read back by a decoder: each picture in its place.
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { dataUri, spriteOf } from '../../lib/pictures/png.ts';

const filled = (value: number, length = 784) => Uint8Array.from({ length }, (_, i) => (value + i) % 256);

test('gray pictures stand in rows, and a missing one is black', () => {
  const pictures = [filled(1), null, filled(3), filled(4)];
  const sprite = spriteOf(pictures, 3);
  expect(sprite).toMatchObject({ columns: 3, rows: 2 });
  const { width, height, data, channels, depth } = decode(sprite.png);
  expect({ width, height, channels, depth }).toEqual({ width: 84, height: 56, channels: 1, depth: 8 });
  const placed = (row: number, column: number) =>
    Uint8Array.from({ length: 784 }, (_, i) => data[(row * 28 + Math.floor(i / 28)) * 84 + column * 28 + (i % 28)]);
  expect(placed(0, 0)).toEqual(pictures[0]);
  expect(placed(0, 1)).toEqual(new Uint8Array(784));
  expect(placed(0, 2)).toEqual(pictures[2]);
  expect(placed(1, 0)).toEqual(pictures[3]);
  expect(placed(1, 2)).toEqual(new Uint8Array(784));
});

test('coloured pictures keep their four channels', () => {
  const picture = filled(9, 784 * 4);
  const { data, channels } = decode(spriteOf([picture], 1, 4).png);
  expect(channels).toBe(4);
  expect(new Uint8Array(data)).toEqual(picture);
});

test('a data URI holds the bytes', () => {
  const { png } = spriteOf([filled(0)], 1);
  expect(Buffer.from(dataUri(png).split(',')[1], 'base64').equals(Buffer.from(png))).toBe(true);
  expect(dataUri(png).startsWith('data:image/png;base64,')).toBe(true);
});
