// Where a search begins: random points of the ball, each image's from its own stream (purpose `attack-start`, spec 7.2).
import { type Key, Stream } from '../random.ts';
import type { Budget, Victims } from './attack.ts';
import { type Ball, length } from './norms.ts';

/** x + offset of every victim, projected; `draw` writes the offset of one victim, in units of the radius. */
function started({ x, image, restart }: Victims, key: Key, radius: number, ball: Ball, draw: (stream: Stream, offset: Float64Array) => void): Float32Array {
  const pixels = x.shape[1];
  const start = x.data.slice();
  const offset = new Float64Array(pixels);
  for (let victim = 0; victim < image.length; victim++) {
    const row = start.subarray(victim * pixels, (victim + 1) * pixels);
    draw(new Stream(key, { image: image[victim], restart }), offset);
    for (let q = 0; q < pixels; q++) row[q] += radius * offset[q];
    ball.project(row, victim);
  }
  return start;
}

/** Pixel q takes draw q. */
function uniform(stream: Stream, offset: Float64Array): void {
  for (let q = 0; q < offset.length; q++) offset[q] = 2 * stream.uniform() - 1;
}

/**
 * A direction uniform on the sphere, of length 1: normals by Box and Muller. Its last bit may differ between machines, as
 * that of every iterate after it; the perturbations' exact tables are not needed here.
 */
function direction(stream: Stream, offset: Float64Array): void {
  for (let q = 0; q < offset.length; q += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
    const angle = 2 * Math.PI * stream.uniform();
    offset[q] = radius * Math.cos(angle);
    if (q + 1 < offset.length) offset[q + 1] = radius * Math.sin(angle);
  }
  const size = length(offset);
  for (let q = 0; q < offset.length; q++) offset[q] /= size;
}

/**
 * Uniform in the ball. In L2 the length is epsilon * u^(1/784), which is uniform; torchattacks' epsilon * u (spec 2.1) puts
 * most starts near the centre, where all the ball's volume is near its rim.
 */
export function uniformStart(victims: Victims, { norm, epsilon }: Budget, ball: Ball): Float32Array {
  if (norm === 'linf') return started(victims, victims.startKey(), epsilon, ball, uniform);
  return started(victims, victims.startKey(), epsilon, ball, (stream, offset) => {
    direction(stream, offset);
    const inside = stream.uniform() ** (1 / offset.length);
    for (let q = 0; q < offset.length; q++) offset[q] *= inside;
  });
}

/** On the rim of the ball (APGD, spec 2.6): a uniform draw stretched until it touches, or a direction of the sphere. */
export function rimStart(victims: Victims, { norm, epsilon }: Budget, ball: Ball): Float32Array {
  if (norm === 'l2') return started(victims, victims.startKey(), epsilon, ball, direction);
  return started(victims, victims.startKey(), epsilon, ball, (stream, offset) => {
    uniform(stream, offset);
    const largest = offset.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let q = 0; q < offset.length; q++) offset[q] /= largest;
  });
}
