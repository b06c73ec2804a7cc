// Rules of spatial transformers: the image and the grid it is read at may both depend on x.
import { int, text } from '../../onnx/node.ts';
import type { Builder } from '../builder.ts';
import { noGradient, type Rule } from '../rule.ts';

/** One axis of the grid, [N, 1, points] in pixels: the pixel before, the part of the way to the next, and dpixel/dgrid. */
type Line = { low: string; part: string; move: string };

function lineOf(b: Builder, grid: string, axis: number, size: number, aligned: boolean, border: boolean): Line {
  const dims = b.dims(grid);
  const plane = b.node('Gather', [grid, b.ints([axis], [])], dims.slice(0, -1), { axis: dims.length - 1 });
  const component = b.reshape(plane, [dims[0], 1, dims[1] * dims[2]]);
  const slope = aligned ? (size - 1) / 2 : size / 2;
  const pixel = b.add(b.scale(component, slope), b.float(aligned ? slope : slope - 0.5));
  const held = border ? b.node('Clip', [pixel, b.float(0), b.float(size - 1)], b.dims(pixel)) : pixel;
  const free = border ? b.toFloat(b.compare('Equal', held, pixel)) : b.expand(b.float(1), b.dims(pixel));
  const low = b.map('Floor', held);
  return { low, part: b.sub(held, low), move: b.scale(free, slope) };
}

/**
 * y = sum over the four pixels v around a point of w v, w = (1 - px)(1 - py) and so on: dv = w dy, added up where v was read;
 * dpx = sum over channels of dy ((1 - py)(v01 - v00) + py (v11 - v10)), times dpixel/dgrid. In nearest mode the grid gets nothing.
 */
export const GridSample: Rule = ({ b, dy, wants, node, node: { inputs: [x, grid] } }) => {
  const [batch, channels, height, width] = b.dims(x);
  const mode = text(node, 'mode', 'linear');
  const padding = text(node, 'padding_mode', 'zeros');
  if (b.dims(x).length !== 4 || mode === 'cubic' || padding === 'reflection') {
    throw noGradient(node, 'it is cubic, reflecting or not of images; wanted linear or nearest, zeros or border');
  }
  const aligned = int(node, 'align_corners', 0) === 1;
  const points = b.dims(grid)[1] * b.dims(grid)[2];
  const across = lineOf(b, grid, 0, width, aligned, padding === 'border');
  const down = lineOf(b, grid, 1, height, aligned, padding === 'border');
  const flat = b.reshape(x, [batch, channels, height * width]);
  const g = b.reshape(dy, [batch, channels, points]);
  const one = b.float(1);
  const nearest = mode === 'nearest';

  const corner = (right: number, below: number) => {
    const position = (line: Line, step: number, size: number) => {
      const at = nearest ? b.map('Round', b.add(line.low, line.part)) : step ? b.add(line.low, one) : line.low;
      const held = b.node('Clip', [at, b.float(0), b.float(size - 1)], b.dims(at));
      return { held, inside: b.toFloat(b.compare('Equal', held, at)) };
    };
    const column = position(across, right, width);
    const row = position(down, below, height);
    const index = b.map('Cast', b.add(b.scale(row.held, width), column.held), { to: 7 });
    const indices = b.expand(index, [batch, channels, points]);
    const inside = b.mul(row.inside, column.inside);
    const share = (line: Line, step: number) => (step ? line.part : b.sub(one, line.part));
    const weight = nearest ? inside : b.mul(inside, b.mul(share(across, right), share(down, below)));
    const value = () => b.mul(b.node('GatherElements', [flat, indices], [batch, channels, points], { axis: 2 }), inside);
    return { indices, weight, value };
  };

  const corners = nearest ? [corner(0, 0)] : [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
  const dx = () => {
    const dims = [batch, channels, height * width];
    const add = (sum: string, { indices, weight }: (typeof corners)[number]) =>
      b.node('ScatterElements', [sum, indices, b.mul(g, weight)], dims, { axis: 2, reduction: 'add' });
    return b.reshape(corners.reduce(add, b.zeros(dims)), b.dims(x));
  };
  const dGrid = () => {
    if (nearest) return b.zeros(b.dims(grid));
    const [v00, v01, v10, v11] = corners.map(({ value }) => value());
    const between = (a: string, c: string, { part }: Line) => b.add(b.mul(b.sub(one, part), a), b.mul(part, c));
    const moved = (slope: string, { move }: Line) => b.mul(b.reduceSum(b.mul(g, slope), [1]), move);
    const sides = [
      moved(between(b.sub(v01, v00), b.sub(v11, v10), down), across),
      moved(between(b.sub(v10, v00), b.sub(v11, v01), across), down),
    ];
    return b.reshape(b.concat(sides.map((side) => b.reshape(side, [batch, points, 1])), 2), b.dims(grid));
  };
  return [wants(0) ? dx() : null, wants(1) ? dGrid() : null];
};

/** y = theta (1, of every pixel's place): dtheta = dy^T times those places. */
export const AffineGrid: Rule = ({ b, dy, node }) => {
  const aligned = int(node, 'align_corners', 0) === 1;
  const [batch, ...space] = b.dims(dy).slice(0, -1);
  if (space.length !== 2) throw noGradient(node, 'it is not of images; wanted [N, 2, 3]');
  const place = (at: number, size: number) => {
    if (aligned) return size > 1 ? (2 * at) / (size - 1) - 1 : 0;
    return (2 * at + 1) / size - 1;
  };
  const [height, width] = space;
  const pixel = (i: number) => [place(i % width, width), place(Math.floor(i / width), height), 1];
  const places = Array.from({ length: height * width }, (_, i) => pixel(i)).flat();
  const points = b.reshape(dy, [batch, height * width, 2]);
  return [b.node('MatMul', [b.transpose(points, [0, 2, 1]), b.float(places, [height * width, 3])], [batch, 2, 3])];
};
