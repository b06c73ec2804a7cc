// Cases of the rules in rules/pooling.ts.
import { unary, type Attributes } from './case.ts';

const image = [1, 2, 6, 7];

const maximum = (name: string, attributes: Attributes, x = image) => unary(name, 'MaxPool', attributes, { x });
const average = (name: string, attributes: Attributes, x = image) => unary(name, 'AveragePool', attributes, { x });

export const MaxPool = [
  maximum('side by side, with a remainder', { kernel_shape: [2, 2], strides: [2, 2] }),
  maximum('side by side, unequal', { kernel_shape: [3, 2], strides: [3, 2] }),
  maximum('overlapping', { kernel_shape: [3, 3], strides: [2, 2] }),
  maximum('stride 1', { kernel_shape: [2, 3] }),
  maximum('padded', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  maximum('side by side, padded', { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 0, 1, 1] }),
  maximum('dilated', { kernel_shape: [2, 2], dilations: [2, 3], strides: [1, 2] }),
  maximum('ceil_mode', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
  maximum('overlapping, ceil_mode', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  maximum('auto_pad SAME_UPPER', { kernel_shape: [2, 2], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
  maximum('several images', { kernel_shape: [2, 2], strides: [2, 2] }, [2, 2, 4, 4]),
  maximum('one spatial axis', { kernel_shape: [2], strides: [2] }, [2, 2, 8]),
];
export const AveragePool = [
  average('side by side', { kernel_shape: [2, 2], strides: [2, 2] }),
  average('overlapping', { kernel_shape: [3, 3], strides: [2, 2] }),
  average('padded', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  average('padded, counting the padding', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  average('ceil_mode', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  average('ceil_mode, counting the padding', {
    kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1, ceil_mode: 1,
  }),
  average('auto_pad SAME_LOWER', { kernel_shape: [3, 2], strides: [2, 2], auto_pad: 'SAME_LOWER' }),
  average('dilated', { kernel_shape: [2, 2], dilations: [2, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  average('stride wider than the window', { kernel_shape: [2, 1], strides: [3, 2] }),
];
export const GlobalAveragePool = [unary('', 'GlobalAveragePool', {}, { x: [2, 2, 3, 4] })];
export const GlobalMaxPool = [unary('', 'GlobalMaxPool', {}, { x: [2, 2, 3, 4] })];
