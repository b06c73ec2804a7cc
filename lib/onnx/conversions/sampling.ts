// Resampling at older opsets: Upsample, the first Resize, and GridSample's old names of its modes.
import type { Conversion } from '../conversions.ts';
import { floatConstant, numbersOf } from '../constants.ts';
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

export const sampling: Readonly<Record<string, Conversion>> = {
  Upsample: first,
  Resize: (node, context) => (context.opset < 11 ? first(node, context) : [node]),

  /** Opset 20 renamed two modes. */
  GridSample: (node, context) => {
    if (context.opset >= 20) return [node];
    const names: Record<string, string> = { bilinear: 'linear', bicubic: 'cubic' };
    const mode = text(node, 'mode', 'bilinear');
    return [withAttributes(node, { set: { mode: names[mode] ?? mode } })];
  },
};
