// Cases of the rule in rules/resize.ts: the modes that exporters write, enlarging and reducing.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { caseOf, type Attributes } from './case.ts';

type Size = { sizes: readonly number[] } | { scales: readonly number[] };

function resized(name: string, x: readonly number[], size: Size, attributes: Attributes) {
  const constants = 'sizes' in size ? { n: int64Constant(size.sizes) } : { n: floatConstant(size.scales, [size.scales.length]) };
  const inputs = 'sizes' in size ? ['x', '', '', 'n'] : ['x', '', 'n'];
  return caseOf(name, { x, constants, nodes: [node('Resize', inputs, ['y'], attributes)] });
}

const image = [1, 2, 4, 3];
const double = { scales: [1, 1, 2, 2] };
const half = { sizes: [1, 2, 3, 2] };
const odd = { sizes: [1, 2, 7, 5] };
const placed = (mode: string, coordinate_transformation_mode: string, more: Attributes = {}) => ({
  mode, coordinate_transformation_mode, ...more,
});

export const Resize = [
  resized('nearest as PyTorch', image, double, placed('nearest', 'asymmetric', { nearest_mode: 'floor' })),
  resized('nearest as Keras', image, double, placed('nearest', 'half_pixel')),
  resized('nearest, reduced', [1, 2, 6, 5], half, placed('nearest', 'half_pixel', { nearest_mode: 'round_prefer_ceil' })),
  resized('nearest, ceil', image, odd, placed('nearest', 'align_corners', { nearest_mode: 'ceil' })),
  resized('linear as PyTorch', image, odd, placed('linear', 'pytorch_half_pixel')),
  resized('linear, aligned corners', image, odd, placed('linear', 'align_corners')),
  resized('linear, half_pixel by scales that round', image, { scales: [1, 1, 1.4, 1.7] }, placed('linear', 'half_pixel')),
  resized('linear, asymmetric, reduced', [1, 2, 6, 5], half, placed('linear', 'asymmetric')),
  resized('linear, symmetric', image, { scales: [1, 1, 1.4, 1.7] }, placed('linear', 'half_pixel_symmetric')),
  resized('cubic', image, odd, placed('cubic', 'half_pixel', { cubic_coeff_a: { kind: 'float', value: -0.75 } })),
  resized('cubic, outside left out', image, odd, placed('cubic', 'half_pixel', { exclude_outside: 1 })),
  resized('linear, antialiased', [1, 2, 7, 5], half, placed('linear', 'half_pixel', { antialias: 1 })),
  resized('cubic, antialiased, outside left out', [1, 2, 7, 5], half, placed('cubic', 'half_pixel', { antialias: 1, exclude_outside: 1 })),
  resized('cubic, antialiased, enlarged', image, odd, placed('cubic', 'half_pixel', { antialias: 1 })),
  resized('some axes', image, { sizes: [7, 5] }, placed('linear', 'half_pixel', { axes: [2, 3] })),
  resized('pixels last', [1, 4, 3, 2], { scales: [1, 2, 2, 1] }, placed('nearest', 'asymmetric', { nearest_mode: 'floor' })),
];
