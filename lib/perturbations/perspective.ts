// Perspective: the four corners move inwards by random whole pixels, as torchvision's RandomPerspective does (spec 1.2, row 8).
import { applyWarp, emptyWarp, pixels, sampleAt, side, type Warp } from '../images/warp.ts';
import { levels, type Perturbation } from './perturbation.ts';

const last = side - 1;
const bounds = [3, 4, 5, 7, 9];
const warp = emptyWarp();
const warped = new Float64Array(pixels);

/**
 * Fills `into` with the inverse map that takes the corners (x[k], y[k]) of the output, clockwise from the top left, to
 * the corners of the source. The square-to-quadrilateral matrix (Heckbert 1989) is multiplied by its denominator and
 * inverted by its adjugate, so that with whole corners every coefficient is an exact integer.
 *
 * Points at or beyond the horizon, w <= 1e-6, give 0. Spec 1.2 leaves w's scale to torchvision, where w = 1 at pixel
 * (0, 0); here w = 1 at the first corner, because in 0.3 % of the draws at severity 5 pixel (0, 0) itself lies beyond
 * the horizon and the whole image would vanish.
 */
export function perspectiveWarp(x: readonly number[], y: readonly number[], into: Warp): void {
  const [x0, x1, x2, x3] = x;
  const [y0, y1, y2, y3] = y;
  const sx = x0 - x1 + x2 - x3;
  const sy = y0 - y1 + y2 - y3;
  const m = (x1 - x2) * (y3 - y2) - (x3 - x2) * (y1 - y2);
  const g = sx * (y3 - y2) - (x3 - x2) * sy;
  const h = (x1 - x2) * sy - sx * (y1 - y2);
  const a = (x1 - x0) * m + g * x1;
  const b = (x3 - x0) * m + h * x3;
  const c = x0 * m;
  const d = (y1 - y0) * m + g * y1;
  const e = (y3 - y0) * m + h * y3;
  const f = y0 * m;
  const wx = d * h - e * g;
  const wy = b * g - a * h;
  const w1 = a * e - b * d;
  const atFirstCorner = wx * x0 + wy * y0 + w1;
  for (let p = 0; p < pixels; p++) {
    const px = p % side;
    const py = Math.floor(p / side);
    const w = wx * px + wy * py + w1;
    const u = (e * m - f * h) * px + (c * h - b * m) * py + (b * f - c * e);
    const v = (f * g - d * m) * px + (a * m - c * g) * py + (c * d - a * f);
    if (w / atFirstCorner > 1e-6) sampleAt(into, p, (last * u) / w, (last * v) / w);
    else sampleAt(into, p, Number.NaN, Number.NaN);
  }
}

/** Draws integer(bound) for x and y of the top left corner, then of the top right, bottom right and bottom left, each inwards. */
export const perspective: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'corner offsets below, px', values: bounds },
  apply(source, severity, draws, out) {
    const bound = bounds[severity - 1];
    const stream = draws.parameters();
    const x: number[] = [];
    const y: number[] = [];
    for (const [right, bottom] of [[0, 0], [1, 0], [1, 1], [0, 1]]) {
      x.push(right * (side - bound) + stream.integer(bound));
      y.push(bottom * (side - bound) + stream.integer(bound));
    }
    perspectiveWarp(x, y, warp);
    applyWarp(warp, source, warped);
    levels(warped, out);
  },
};
