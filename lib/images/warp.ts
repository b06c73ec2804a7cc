// Linear resampling of 28x28 images with zero fill, each with its exact adjoint (spec 1.1). Knows pixels, not models.

export const side = 28;
export const pixels = side * side;

/** Image centre in pixel coordinates: pixel (row i, column j) has its centre at (x = j, y = i). */
const centre = (side - 1) / 2;

/**
 * A bilinear resampling as a sparse matrix: output pixel p is the sum over its four taps t of weight[4p + t] times
 * source[index[4p + t]]. Taps outside the image have weight 0 (and index 0), so nothing there needs a test.
 */
export type Warp = { index: Uint16Array; weight: Float64Array };

/** Numbers of any kind that hold images: uint8 levels or float pixels. */
export type Pixels = Uint8Array | Float32Array | Float64Array;

export function emptyWarp(): Warp {
  return { index: new Uint16Array(4 * pixels), weight: new Float64Array(4 * pixels) };
}

/** Makes output pixel `p` of `warp` sample the source at (x, y); anything not finite or outside samples 0. */
export function sampleAt(warp: Warp, p: number, x: number, y: number): void {
  const { index, weight } = warp;
  const tap = 4 * p;
  weight[tap] = weight[tap + 1] = weight[tap + 2] = weight[tap + 3] = 0;
  index[tap] = index[tap + 1] = index[tap + 2] = index[tap + 3] = 0;
  if (!(x > -1 && x < side && y > -1 && y < side)) return;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const corner = top * side + left;
  const hasLeft = left >= 0;
  const hasRight = left < side - 1;
  if (top >= 0) {
    if (hasLeft) setTap(warp, tap, corner, (1 - fx) * (1 - fy));
    if (hasRight) setTap(warp, tap + 1, corner + 1, fx * (1 - fy));
  }
  if (top < side - 1) {
    if (hasLeft) setTap(warp, tap + 2, corner + side, (1 - fx) * fy);
    if (hasRight) setTap(warp, tap + 3, corner + side + 1, fx * fy);
  }
}

function setTap(warp: Warp, tap: number, index: number, weight: number): void {
  warp.index[tap] = index;
  warp.weight[tap] = weight;
}

/**
 * The inverse map src = A (p - c) + c with A = [[xx, xy], [yx, yy]] acting on (x, y) and c the image centre: what
 * `grid_sample(bilinear, zeros, align_corners=False)` and scikit-image's `warp(order=1, cval=0)` compute.
 */
export function affineWarp(xx: number, xy: number, yx: number, yy: number): Warp {
  const warp = emptyWarp();
  for (let p = 0; p < pixels; p++) {
    const dx = (p % side) - centre;
    const dy = Math.floor(p / side) - centre;
    sampleAt(warp, p, xx * dx + xy * dy + centre, yx * dx + yy * dy + centre);
  }
  return warp;
}

/** Writes the resampled image [784] to `out`, which must be another array. The sum runs over the taps in order. */
export function applyWarp({ index, weight }: Warp, source: Pixels, out: Float32Array | Float64Array): void {
  for (let p = 0, t = 0; p < pixels; p++, t += 4) {
    out[p] =
      weight[t] * source[index[t]] +
      weight[t + 1] * source[index[t + 1]] +
      weight[t + 2] * source[index[t + 2]] +
      weight[t + 3] * source[index[t + 3]];
  }
}

/** The adjoint: adds to `sourceGradient` [784] what a gradient [784] of the resampled image is worth at the source. */
export function addWarpAdjoint({ index, weight }: Warp, gradient: Pixels, sourceGradient: Float32Array | Float64Array): void {
  for (let p = 0, t = 0; p < pixels; p++, t += 4) {
    for (let tap = t; tap < t + 4; tap++) sourceGradient[index[tap]] += weight[tap] * gradient[p];
  }
}

/**
 * Adds each image of `source` [N, 784], moved by whole pixels (content `dx` to the right and `dy` down, zero fill), to
 * `out` [N, 784]. The adjoint of a shift is the opposite shift: `addShifted(gradient, -dx, -dy, out)`.
 */
export function addShifted(source: Pixels, dx: number, dy: number, out: Pixels): void {
  const firstColumn = Math.max(0, dx);
  const lastColumn = Math.min(side, side + dx);
  for (let image = 0; image < source.length; image += pixels) {
    for (let row = Math.max(0, dy); row < Math.min(side, side + dy); row++) {
      const to = image + row * side;
      const from = image + (row - dy) * side - dx;
      for (let column = firstColumn; column < lastColumn; column++) out[to + column] += source[from + column];
    }
  }
}
