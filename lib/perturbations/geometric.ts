// Geometric perturbations: permutations of pixels, and bilinear inverse warps with zero fill (spec 1.2, rows 1 to 8).
import { addShifted, affineWarp, applyWarp, pixels, side, type Warp } from '../images/warp.ts';
import { level, levels, type Perturbation } from './perturbation.ts';
import { angleCosines, angleSines } from './tables/literals.ts';

const last = side - 1;
const warped = new Float64Array(pixels);

function warpLevels(warp: Warp, source: Uint8Array, out: Uint8Array): void {
  applyWarp(warp, source, warped);
  levels(warped, out);
}

/** Of the images that are turned or flipped at all: integer(5) below the severity. */
const shares = ['1/5', '2/5', '3/5', '4/5', '5/5'];

/** With probability severity/5 by 90, 180 or 270 degrees counter-clockwise. Draws integer(5), then integer(3) if below severity. */
export const rot90: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'chance of a turn', values: shares },
  apply(source, severity, draws, out) {
    const stream = draws.parameters();
    if (stream.integer(5) >= severity) return out.set(source);
    const quarters = stream.integer(3);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        const p = i * side + j;
        out[p] = source[quarters === 0 ? j * side + last - i : quarters === 1 ? pixels - 1 - p : (last - j) * side + i];
      }
    }
  },
};

/** With probability severity/5 left-right or upside down. Draws integer(5), then integer(2) if below severity: 0 is left-right. */
export const flip: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'chance of a flip', values: shares },
  apply(source, severity, draws, out) {
    const stream = draws.parameters();
    if (stream.integer(5) >= severity) return out.set(source);
    const upsideDown = stream.integer(2) === 1;
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) out[i * side + j] = source[upsideDown ? (last - i) * side + j : i * side + last - j];
    }
  },
};

/** In rad, of the cosines and sines of tables/literals.ts. */
const angles = [0.1, 0.2, 0.3, 0.4, 0.6];

/** A warp for either sign of each severity's angle: [positive, negative]. */
function bothSigns(warpOf: (cosine: number, sine: number) => Warp): Warp[][] {
  return angleCosines.map((cosine, i) => [warpOf(cosine, angleSines[i]), warpOf(cosine, -angleSines[i])]);
}

const rotations = bothSigns((cosine, sine) => affineWarp(cosine, -sine, sine, cosine));
const shears = bothSigns((cosine, sine) => affineWarp(1, -sine, 0, cosine));

/** By 0.1, 0.2, 0.3, 0.4 or 0.6 rad about the centre. Draws the sign. */
export const rotate: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'angle, rad', values: angles },
  apply: (source, severity, draws, out) => warpLevels(rotations[severity - 1][draws.parameters().sign() > 0 ? 0 : 1], source, out),
};

/** By severity pixels right or left and down or up. Draws the sign of dx (right), then of dy (down). */
export const translate: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'pixels each way', values: [1, 2, 3, 4, 5] },
  apply(source, severity, draws, out) {
    const stream = draws.parameters();
    const dx = severity * stream.sign();
    const dy = severity * stream.sign();
    out.fill(0);
    addShifted(source, dx, dy, out);
  },
};

const factors = [0.9, 0.8, 0.7, 0.6, 0.5];
const zooms = factors.map((factor) => affineWarp(1 / factor, 0, 0, 1 / factor));

/** The object shrinks about the centre to 0.9, 0.8, 0.7, 0.6 or 0.5 of its size. Draws nothing. */
export const scale: Perturbation = {
  family: 'geometric',
  core: true,
  draws: [],
  strength: { of: 'size', values: factors },
  apply: (source, severity, _draws, out) => warpLevels(zooms[severity - 1], source, out),
};

/** MNIST-C's matrix [[1, -sin], [0, cos]] for 0.1, 0.2, 0.3, 0.4 or 0.6 rad. Draws the sign. */
export const shear: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'angle, rad', values: angles },
  apply: (source, severity, draws, out) => warpLevels(shears[severity - 1][draws.parameters().sign() > 0 ? 0 : 1], source, out),
};

/**
 * Bilinear enlargement of a window of `window` pixels to 28: output coordinate p lies at ((2p + 1) window - 28) / 56
 * of the window, clamped to it. So positions and weights are whole 56ths and the result an exact fraction.
 */
function enlargement(window: number): { first: Uint8Array; second: Uint8Array; weight: Uint8Array } {
  const position = Array.from({ length: side }, (_, p) => Math.min(Math.max((2 * p + 1) * window - side, 0), 56 * (window - 1)));
  return {
    first: Uint8Array.from(position, (at) => Math.floor(at / 56)),
    second: Uint8Array.from(position, (at) => Math.min(Math.floor(at / 56) + 1, window - 1)),
    weight: Uint8Array.from(position, (at) => at % 56),
  };
}

const windows = [26, 24, 22, 19, 16];
const enlargements = windows.map(enlargement);

/** A square window of 26, 24, 22, 19 or 16 pixels enlarged to the whole. Draws its left, then its top, each integer(29 - window). */
export const crop: Perturbation = {
  family: 'geometric',
  core: true,
  draws: ['parameters'],
  strength: { of: 'window, pixels', values: windows },
  apply(source, severity, draws, out) {
    const { first, second, weight } = enlargements[severity - 1];
    const stream = draws.parameters();
    const places = side - windows[severity - 1] + 1;
    const left = stream.integer(places);
    const top = stream.integer(places);
    for (let i = 0; i < side; i++) {
      const upper = (top + first[i]) * side + left;
      const lower = (top + second[i]) * side + left;
      const down = weight[i];
      for (let j = 0; j < side; j++) {
        const right = weight[j];
        const above = (56 - right) * source[upper + first[j]] + right * source[upper + second[j]];
        const below = (56 - right) * source[lower + first[j]] + right * source[lower + second[j]];
        out[i * side + j] = level(((56 - down) * above + down * below) / 3136);
      }
    }
  },
};
