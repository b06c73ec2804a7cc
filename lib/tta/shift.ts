// TTA `shift`: the mean over the nine integer shifts by at most one pixel, zero fill (spec 4.1). Deterministic.
import { average } from './average.ts';
import type { Policy } from './policy.ts';

const side = 28;
const shifts = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));

/** out[row, col] += source[row - dy, col - dx] for every image of [N, 28, 28]; what comes from outside is 0. */
function addShifted(source: Float32Array, dx: number, dy: number, out: Float32Array): void {
  for (let image = 0; image < source.length; image += side * side) {
    for (let row = Math.max(0, dy); row < side + Math.min(0, dy); row++) {
      for (let col = Math.max(0, dx); col < side + Math.min(0, dx); col++) {
        out[image + row * side + col] += source[image + (row - dy) * side + col - dx];
      }
    }
  }
}

export const shift: Policy = (engine) =>
  average(engine, {
    count: shifts.length,
    apply: ({ x }, j, out) => addShifted(x.data, shifts[j].dx, shifts[j].dy, out),
    // The adjoint of a zero-filled shift is the opposite shift.
    adjoint: (cotangent, j, dx) => addShifted(cotangent, -shifts[j].dx, -shifts[j].dy, dx),
  });
