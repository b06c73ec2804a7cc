// Typed access to the bytes of constants, and the other way round. Knows no graph.
import { sizeOf } from '../tensor.ts';
import { ModelError } from './error.ts';
import type { Constant, ElementType } from './graph.ts';

/** Bytes of one element; strings have no fixed size and are refused when a model is read. */
export const elementBytes: Readonly<Record<Exclude<ElementType, 'string'>, number>> = {
  float32: 4, float64: 8, float16: 2, int64: 8, int32: 4, int16: 2, int8: 1, uint64: 8, uint32: 4, uint16: 2, uint8: 1, bool: 1,
};

const floatTypes: readonly ElementType[] = ['float32', 'float64', 'float16'];

/** Whether elements of the type are floating point. */
export function isFloat(type: ElementType): boolean {
  return floatTypes.includes(type);
}

/** The values as float32. A view of the same memory where it is aligned float32, a copy otherwise. */
export function floatsOf(constant: Constant): Float32Array {
  const { bytes, type } = constant;
  if (type !== 'float32') return filled(constant, Float32Array);
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return new Float32Array(bytes.slice().buffer);
}

/** The values of an integer or bool constant; 64-bit values beyond +-(2^53 - 1) saturate there. Throws ModelError for floats. */
export function integersOf(constant: Constant): number[] {
  if (isFloat(constant.type)) throw new ModelError(`Wanted an integer constant; found ${constant.type} [${constant.dims}].`);
  return numbersOf(constant);
}

/** The values of any numeric constant, as numbers. */
export function numbersOf(constant: Constant): number[] {
  return filled(constant, Array<number>);
}

function filled<List extends number[] | Float32Array>({ type, bytes }: Constant, List: new (length: number) => List): List {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[type];
  if (!read) throw new ModelError(`Wanted a numeric constant; found one of type ${type}.`);
  const size = elementBytes[type as Exclude<ElementType, 'string'>];
  const list = new List(bytes.byteLength / size);
  for (let i = 0; i < list.length; i++) list[i] = read(view, i * size);
  return list;
}

const readers: Partial<Record<ElementType, (view: DataView, offset: number) => number>> = {
  float32: (view, offset) => view.getFloat32(offset, true),
  float64: (view, offset) => view.getFloat64(offset, true),
  float16: (view, offset) => halfToNumber(view.getUint16(offset, true)),
  int64: (view, offset) => safeInteger(view.getBigInt64(offset, true)),
  uint64: (view, offset) => safeInteger(view.getBigUint64(offset, true)),
  int32: (view, offset) => view.getInt32(offset, true),
  uint32: (view, offset) => view.getUint32(offset, true),
  int16: (view, offset) => view.getInt16(offset, true),
  uint16: (view, offset) => view.getUint16(offset, true),
  int8: (view, offset) => view.getInt8(offset),
  uint8: (view, offset) => view.getUint8(offset),
  bool: (view, offset) => (view.getUint8(offset) ? 1 : 0),
};

/** A 64-bit integer as a number, saturating: exporters write 2^63 - 1 for "to the end" of a Slice. */
export function safeInteger(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}

/** IEEE 754 half precision bits as a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A constant of any numeric type but float16 from plain numbers (float32 rounds, int64 must be safe integers). */
export function constantOf(type: ElementType, values: readonly number[] | Float32Array, dims: readonly number[]): Constant {
  if (type === 'string' || type === 'float16') throw new ModelError(`Cannot make a constant of type ${type}.`);
  if (values.length !== sizeOf(dims)) throw new RangeError(`A constant [${dims}] needs ${sizeOf(dims)} values; got ${values.length}.`);
  const size = elementBytes[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  const write = writers[type]!;
  for (let i = 0; i < values.length; i++) write(view, i * size, values[i]);
  return { type, dims, bytes };
}

const writers: Partial<Record<ElementType, (view: DataView, offset: number, value: number) => void>> = {
  float32: (view, offset, value) => view.setFloat32(offset, value, true),
  float64: (view, offset, value) => view.setFloat64(offset, value, true),
  int64: (view, offset, value) => view.setBigInt64(offset, wholeNumber(value), true),
  uint64: (view, offset, value) => view.setBigUint64(offset, wholeNumber(value), true),
  int32: (view, offset, value) => view.setInt32(offset, value, true),
  uint32: (view, offset, value) => view.setUint32(offset, value, true),
  int16: (view, offset, value) => view.setInt16(offset, value, true),
  uint16: (view, offset, value) => view.setUint16(offset, value, true),
  int8: (view, offset, value) => view.setInt8(offset, value),
  uint8: (view, offset, value) => view.setUint8(offset, value),
  bool: (view, offset, value) => view.setUint8(offset, value ? 1 : 0),
};

/** What a hostile model lets us work out may be no number at all. */
function wholeNumber(value: number): bigint {
  if (!Number.isInteger(value)) throw new ModelError(`Wanted a whole number in a constant; found ${Number.isNaN(value) ? 'none' : value}.`);
  return BigInt(value);
}

/** A float32 constant. Shares memory with `data` when that is a Float32Array. */
export function floatConstant(data: Float32Array | readonly number[], dims: readonly number[]): Constant {
  if (data.length !== sizeOf(dims)) throw new RangeError(`A constant [${dims}] needs ${sizeOf(dims)} values; got ${data.length}.`);
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  return { type: 'float32', dims, bytes: new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength) };
}

/** An int64 constant; a vector unless `dims` says otherwise. */
export function int64Constant(values: readonly number[], dims: readonly number[] = [values.length]): Constant {
  return constantOf('int64', values, dims);
}
