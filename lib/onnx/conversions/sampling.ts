// Resampling at older opsets: Upsample, the first Resize, and GridSample's old names of its modes.
import type { Conversion } from '../conversions.ts';
import { floatConstant, floatsOf, int64Constant, numbersOf } from '../constants.ts';
import { ModelError } from '../error.ts';
import { nameOf, node as make, text, withAttributes } from '../node.ts';

/**
 * Upsample (until 9) and Resize 10 place pixels by x / scale; in their nearest mode a pixel takes the one before it when enlarged and
 * the one after it when reduced, as ONNX Runtime does.
 */
const first: Conversion = (node, context) => {
  const given = node.attributes.scales;
  const attribute = given?.kind === 'floats' ? floatConstant(given.value, [given.value.length]) : undefined;
  const name = attribute ? context.constant(`${node.outputs[0]}_scales`, attribute) : node.inputs[1];
  const value = attribute ?? context.value(name ?? '');
  if (!value) throw new ModelError(`${nameOf(node)} computes its scales from the image; wanted scales known before the model runs.`);
  const scales = numbersOf(value);
  const down = scales.some((scale) => scale < 1);
  const mode = text(node, 'mode', 'nearest');
  if (down && mode === 'nearest' && scales.some((scale) => scale > 1)) {
    throw new ModelError(`${nameOf(node)} enlarges one axis and reduces another at opset ${context.opset}. Export with opset_version=20.`);
  }
  const attributes = { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: down ? 'ceil' : 'floor' };
  return [{ ...make('Resize', [node.inputs[0], '', name], node.outputs, attributes), name: node.name }];
};

/**
 * Scales such as 15/28, as tf2onnx writes them: 28 times that is 15 in float32 and less in float64, and ONNX Runtime takes it once this way
 * and once the other. The sizes are written down instead.
 */
const sized: Conversion = (node, context) => {
  const [x, , name] = node.inputs;
  const value = context.value(name ?? '');
  const dims = context.dims(x);
  if (!value || value.dims[0] !== dims.length) return [node];
  const scales = floatsOf(value);
  const exact = (axis: number) => Math.floor(dims[axis] * scales[axis]);
  const inFloat32 = (axis: number) => Math.floor(Math.fround(dims[axis] * scales[axis]));
  const axes = [...dims.keys()].filter((axis) => scales[axis] !== 1);
  if (axes.every((axis) => exact(axis) === inFloat32(axis))) return [node];
  const sizes = context.constant(`${node.outputs[0]}_sizes`, int64Constant(axes.map(inFloat32)));
  return [{ ...withAttributes(node, { set: { axes } }), inputs: [x, '', '', sizes] }];
};

export const sampling: Readonly<Record<string, Conversion>> = {
  Upsample: first,
  Resize: (node, context) => (context.opset < 11 ? first(node, context) : sized(node, context)),

  /** Opset 20 renamed two modes. */
  GridSample: (node, context) => {
    if (context.opset >= 20) return [node];
    const names = new Map([['bilinear', 'linear'], ['bicubic', 'cubic']]);
    const mode = text(node, 'mode', 'bilinear');
    return [withAttributes(node, { set: { mode: names.get(mode) ?? mode } })];
  },
};
