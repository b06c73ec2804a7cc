// Warps and shifts: placement by hand-checked cases, and each adjoint by the identity <Ax, y> = <x, A'y>.
import { describe, expect, it } from 'vitest';
import { addShifted, addWarpAdjoint, affineWarp, applyWarp, emptyWarp, pixels, sampleAt, side, type Warp } from '../../lib/images/warp.ts';
import { Stream } from '../../lib/random.ts';

function noise(seed: number, count = pixels): Float64Array {
  const stream = new Stream([seed, 0], { image: 0 });
  return Float64Array.from({ length: count }, () => stream.uniform() - 0.5);
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

function warped(warp: Warp, source: Float64Array): Float64Array {
  const out = new Float64Array(pixels);
  applyWarp(warp, source, out);
  return out;
}

const somewhere = emptyWarp();
const scattered = noise(3, 2 * pixels);
for (let p = 0; p < pixels; p++) sampleAt(somewhere, p, 33 * scattered[2 * p] + 13.5, 33 * scattered[2 * p + 1] + 13.5);

const warps: Record<string, Warp> = {
  identity: affineWarp(1, 0, 0, 1),
  rotation: affineWarp(Math.cos(0.3), -Math.sin(0.3), Math.sin(0.3), Math.cos(0.3)),
  'zoom out': affineWarp(2, 0, 0, 2),
  'zoom in': affineWarp(0.4, 0, 0, 0.7),
  shear: affineWarp(1, -0.5, 0, 0.9),
  'points all over, many outside': somewhere,
};

describe('warp', () => {
  it.each(Object.entries(warps))('%s has its exact adjoint', (_, warp) => {
    const x = noise(1);
    const y = noise(2);
    const back = new Float64Array(pixels);
    addWarpAdjoint(warp, y, back);
    expect(dot(warped(warp, x), y)).toBeCloseTo(dot(x, back), 11);
    const back32 = new Float32Array(pixels);
    addWarpAdjoint(warp, Float32Array.from(y), back32);
    expect(dot(warped(warp, x), y)).toBeCloseTo(dot(x, back32), 4);
  });

  it('leaves an image alone under the identity', () => {
    expect(warped(warps.identity, noise(1))).toEqual(noise(1));
  });

  it('turns a quarter about the centre (13.5, 13.5)', () => {
    const x = noise(1);
    const turned = warped(affineWarp(0, -1, 1, 0), x);
    // Output (x, y) samples source (27 - y, x).
    for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) expect(turned[i * side + j]).toBe(x[j * side + (27 - i)]);
  });

  it('weights the border and gives 0 beyond it', () => {
    const ones = new Float64Array(pixels).fill(1);
    const warp = emptyWarp();
    const outside = [[-1, 3], [28, 3], [4, -7], [Number.NaN, 3], [3, Infinity]];
    const points = [[-0.25, 5], [5, 27.75], [-0.5, -0.5], [27.5, 0], ...outside, [12.3, 4.7]];
    points.forEach(([x, y], p) => sampleAt(warp, p, x, y));
    expect([...warped(warp, ones).subarray(0, points.length)]).toEqual([0.75, 0.25, 0.25, 0.5, 0, 0, 0, 0, 0, expect.closeTo(1, 12)]);
  });
});

describe('addShifted', () => {
  const shifts = [[0, 0], [1, 0], [0, -1], [-1, 1], [3, 5], [27, -27], [28, 0], [-40, 2]];

  it.each(shifts)('by (%d, %d) adds the moved content, and 0 where there is none', (dx, dy) => {
    const x = noise(1, 2 * pixels);
    const out = new Float64Array(2 * pixels).fill(9);
    addShifted(x, dx, dy, out);
    for (let image = 0; image < 2; image++) {
      for (let i = 0; i < side; i++) {
        for (let j = 0; j < side; j++) {
          const inside = i - dy >= 0 && i - dy < side && j - dx >= 0 && j - dx < side;
          expect(out[image * pixels + i * side + j]).toBe(inside ? 9 + x[image * pixels + (i - dy) * side + j - dx] : 9);
        }
      }
    }
  });

  it.each(shifts)('by (%d, %d) has the opposite shift as its adjoint', (dx, dy) => {
    const x = noise(1, 2 * pixels);
    const y = noise(2, 2 * pixels);
    const there = new Float64Array(x.length);
    const back = new Float64Array(x.length);
    addShifted(x, dx, dy, there);
    addShifted(y, -dx, -dy, back);
    expect(dot(there, y)).toBeCloseTo(dot(x, back), 11);
  });
});
