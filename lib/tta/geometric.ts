// TTA by moving the image: mirrors, right angles, small rotations and shifts (spec 4.1). Deterministic.
import { addShifted, addWarpAdjoint, affineWarp, applyWarp, pixels, type Warp } from '../images/warp.ts';
import { average } from './average.ts';
import type { Policy } from './policy.ts';

/** A matrix [xx, xy, yx, yy] that maps an output pixel to where it samples, about the image's centre. */
type Matrix = readonly [number, number, number, number];

const identity: Matrix = [1, 0, 0, 1];
const mirror: Matrix = [-1, 0, 0, 1];
/** By 0, 90, 180 and 270 degrees: whole pixels land on whole pixels, so the bilinear weights are 0 and 1. */
const rightAngles: readonly Matrix[] = [identity, [0, -1, 1, 0], [-1, 0, 0, -1], [0, 1, -1, 0]];

/** Cosine and sine of 5 and 10 degrees, written out: Math.cos differs between machines (spec 7.4). */
const small = [
  [0.9961946980917455, 0.08715574274765818],
  [0.984807753012208, 0.17364817766693033],
] as const;

function moved(matrices: readonly Matrix[]): Policy {
  const warps: Warp[] = matrices.map((matrix) => affineWarp(...matrix));
  return (engine) =>
    average(engine, {
      count: warps.length,
      of: ({ x }) => (j, out) => eachImage(x.data, out, (image, copy) => applyWarp(warps[j], image, copy)),
      adjoint: (cotangent, j, dx) => eachImage(cotangent, dx, (copy, image) => addWarpAdjoint(warps[j], copy, image)),
    });
}

function eachImage(from: Float32Array, to: Float32Array, visit: (from: Float32Array, to: Float32Array) => void): void {
  for (let i = 0; i < from.length; i += pixels) visit(from.subarray(i, i + pixels), to.subarray(i, i + pixels));
}

/** The image and its mirror image. */
export const hflip = moved([identity, mirror]);

/** 0, 5, -5, 10 and -10 degrees, bilinear with zero fill. */
export const rot = moved([identity, ...small.flatMap(([cos, sin]): Matrix[] => [[cos, -sin, sin, cos], [cos, sin, -sin, cos]])]);

export const rot90 = moved(rightAngles);

/** The eight symmetries of the square: each right angle, and its mirror image. */
export const d4 = moved(rightAngles.flatMap((matrix): Matrix[] => [matrix, [-matrix[0], -matrix[1], matrix[2], matrix[3]]]));

const shifts = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));

/** The nine shifts by at most one pixel in each direction, zero fill. */
export const shift: Policy = (engine) =>
  average(engine, {
    count: shifts.length,
    of: ({ x }) => (j, out) => addShifted(x.data, shifts[j].dx, shifts[j].dy, out),
    // The adjoint of a zero-filled shift is the opposite shift.
    adjoint: (cotangent, j, dx) => addShifted(cotangent, -shifts[j].dx, -shifts[j].dy, dx),
  });
