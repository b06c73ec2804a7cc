// Layers that change single values or nothing at all.
import { input, type LayerFunction } from './call.ts';

/** What a layer does only while training: afterwards its input goes through untouched. */
export const untouched: LayerFunction = (call) => input(call);

/** x * scale + offset, each one number or one per channel. */
export const Rescaling: LayerFunction = (call) => {
  const { b, options } = call;
  const x = b.last(input(call));
  const channels = x.dims.at(-1)!;
  const values = (key: string, fallback: number): number[] => {
    const value = options.any(key) ?? fallback;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const fits = list.length === 1 || list.length === channels;
    if (fits && list.every((each) => typeof each === 'number')) return list as number[];
    throw options.wrong(key, `one number or ${channels}`);
  };
  const constantOf = (list: number[]) => b.floats(list, list.length === 1 ? [] : [channels]);
  const scale = values('scale', 1);
  const offset = values('offset', 0);
  const scaled = scale.every((each) => each === 1) ? x : b.same('Mul', x, [constantOf(scale)]);
  return offset.every((each) => each === 0) ? scaled : b.same('Add', scaled, [constantOf(offset)]);
};
