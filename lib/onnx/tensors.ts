// TensorProto <-> Constant: raw, typed and external data to byte views, with every length checked.
import { create } from '@bufbuild/protobuf';
import { constantOf, elementBytes, safeInteger } from './constants.ts';
import { ModelError } from './error.ts';
import { elementTypes, type Constant, type ElementType } from './graph.ts';
import { TensorProto_DataLocation, TensorProtoSchema, type TensorProto } from './onnx_pb.ts';

/** Uploaded data files by their plain names. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** ONNX's number of an element type. */
export function typeNumber(type: ElementType): number {
  return elementTypes.indexOf(type) + 1;
}

/** The element type of ONNX's number. Throws ModelError for types that Gauntlet does not read (bfloat16, complex, 4 and 8 bit floats). */
export function typeOfNumber(number: number, what: string): ElementType {
  const type = elementTypes[number - 1];
  if (!type) throw new ModelError(`${what} has ONNX element type ${number}; wanted one of ${elementTypes.join(', ')}.`);
  return type;
}

/** The constant a TensorProto holds: a view of raw or external data, a copy of typed fields. */
export function constantFromProto(proto: TensorProto, files: ExternalFiles, owner = ''): Constant {
  const what = `Tensor "${proto.name || owner}"`;
  const type = typeOfNumber(proto.dataType, what);
  if (type === 'string') throw new ModelError(`${what} holds strings; wanted numbers.`);
  const dims = proto.dims.map((dimension) => {
    if (dimension < 0n) throw new ModelError(`${what} has dimensions [${proto.dims}]; wanted none below 0.`);
    return safeInteger(dimension);
  });
  const elements = dims.reduce((product, dimension) => product * dimension, 1);
  const external = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const bytes = external ? externalBytes(proto, files, what, elements * elementBytes[type]) : ownBytes(proto, type, what, elements);
  if (bytes.byteLength !== elements * elementBytes[type]) {
    const found = `${what} of ${type} [${dims}] has ${bytes.byteLength} bytes of data`;
    throw new ModelError(`${found}; wanted ${elements * elementBytes[type]}. The file may be cut off.`);
  }
  return { type, dims, bytes };
}

/**
 * A stand-in for a tensor of strings, or null for any other: the names of classes, which exporters write beside the scores. It has no
 * values; a graph that still reads one when its labels are left out is refused.
 */
export function textConstant(proto: TensorProto): Constant | null {
  if (elementTypes[proto.dataType - 1] !== 'string') return null;
  return { type: 'string', dims: [proto.stringData.length], bytes: new Uint8Array() };
}

function ownBytes(proto: TensorProto, type: Exclude<ElementType, 'string'>, what: string, elements: number): Uint8Array {
  if (proto.rawData.length > 0) return proto.rawData;
  const values = typedField(proto, type);
  if (values.length !== elements) {
    throw new ModelError(`${what} of ${type} [${proto.dims}] has ${values.length} values; wanted ${elements}. The file may be cut off.`);
  }
  if (type === 'float16') return constantOf('uint16', values as number[], [values.length]).bytes;
  if (type === 'int64' || type === 'uint64')
    return new Uint8Array(BigInt64Array.from(values as bigint[], (value) => BigInt.asIntN(64, value)).buffer);
  return constantOf(type, (values as (number | bigint)[]).map(Number), [values.length]).bytes;
}

function typedField(proto: TensorProto, type: ElementType): readonly (number | bigint)[] {
  if (type === 'float32') return proto.floatData;
  if (type === 'float64') return proto.doubleData;
  if (type === 'int64') return proto.int64Data;
  if (type === 'uint64' || type === 'uint32') return proto.uint64Data;
  return proto.int32Data;
}

function externalBytes(proto: TensorProto, files: ExternalFiles, what: string, wanted: number): Uint8Array {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  const file = files.get(location);
  if (!file) throw new MissingDataFile(location, [...files.keys()], what);
  const offset = wholeNumber(entries.get('offset') ?? '0', what, 'offset');
  const length = entries.has('length') ? wholeNumber(entries.get('length')!, what, 'length') : wanted;
  if (offset + length > file.byteLength) {
    const range = `bytes ${offset} to ${offset + length} of "${location}"`;
    throw new ModelError(
      `${what} lies at ${range}, which has ${file.byteLength} bytes. The data file may be cut off or of another export.`,
    );
  }
  return file.subarray(offset, offset + length);
}

function wholeNumber(text: string, what: string, key: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new ModelError(`${what} has external data ${key} "${text.slice(0, 40)}"; wanted a whole number of bytes.`);
  }
  return value;
}

/** A model names a data file that was not uploaded (or that is no plain file name). */
export class MissingDataFile extends ModelError {
  readonly location: string;

  constructor(location: string, uploaded: readonly string[], what: string) {
    const found = uploaded.length ? `uploaded beside it: ${uploaded.join(', ')}` : 'no data file was uploaded beside it';
    super(`${what} keeps its values in the file "${location}"; ${found}.`);
    this.name = 'MissingDataFile';
    this.location = location;
  }
}

/** A TensorProto with the constant's bytes as raw data, not copied. */
export function protoFromConstant(name: string, constant: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: typeNumber(constant.type),
    dims: constant.dims.map(BigInt),
    rawData: constant.bytes as Uint8Array<ArrayBuffer>,
  });
}
