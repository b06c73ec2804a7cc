// What an uploaded file is, by its content. The name decides nothing.

export type Kind =
  | 'onnx'
  | 'onnx-cut'
  | 'empty'
  | 'zip'
  | 'pickle'
  | 'hdf5'
  | 'tflite'
  | 'saved-model'
  | 'safetensors'
  | 'numpy'
  | 'gzip'
  | 'archive'
  | 'image'
  | 'pdf'
  | 'html'
  | 'lfs-pointer'
  | 'json'
  | 'text'
  | 'unknown';

/** The kind of file the bytes are. */
export function kindOf(bytes: Uint8Array): Kind {
  if (bytes.length === 0) return 'empty';
  const magic = magics.find(([, signature, offset]) => signature.every((byte, i) => bytes[(offset ?? 0) + i] === byte));
  if (magic) return magic[0];
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) return 'pickle';
  const onnx = onnxOutline(bytes);
  if (onnx === 'whole') return 'onnx';
  if (isSafetensors(bytes)) return 'safetensors';
  if (onnx === 'cut') return 'onnx-cut';
  return textKind(bytes);
}

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

const magics: readonly (readonly [Kind, readonly number[], number?])[] = [
  ['zip', ascii('PK\x03\x04')],
  ['zip', ascii('PK\x05\x06')],
  ['hdf5', [0x89, ...ascii('HDF\r\n\x1a\n')]],
  ['tflite', ascii('TFL3'), 4],
  // saved_model.pb: schema version 1, then its first graph.
  ['saved-model', [0x08, 0x01, 0x12]],
  ['numpy', [0x93, ...ascii('NUMPY')]],
  ['gzip', [0x1f, 0x8b]],
  ['archive', ascii('7z\xbc\xaf\x27\x1c')],
  ['archive', ascii('Rar!')],
  ['archive', ascii('\xfd7zXZ')],
  ['archive', ascii('BZh')],
  ['archive', ascii('ustar'), 257],
  ['image', [0x89, ...ascii('PNG')]],
  ['image', [0xff, 0xd8, 0xff]],
  ['image', ascii('GIF8')],
  ['pdf', ascii('%PDF')],
];

/** Field numbers of a ModelProto with their wire types: 0 varint, 2 length-delimited. */
const modelFields: Readonly<Record<number, 0 | 2>> = { 1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2 };

/** Walks the outermost fields only: a few bytes of any file, however large. */
function onnxOutline(bytes: Uint8Array): 'whole' | 'cut' | 'no' {
  const reader = { at: 0 };
  let version = false;
  let graph = false;
  while (reader.at < bytes.length) {
    const tag = varint(bytes, reader);
    const wire = tag === null ? undefined : modelFields[tag >>> 3];
    if (tag === null || wire !== (tag & 7)) return 'no';
    const value = varint(bytes, reader);
    if (value === null) return version ? 'cut' : 'no';
    if (tag >>> 3 === 1) {
      if (value < 1 || value > 99) return 'no';
      version = true;
    }
    if (wire === 0) continue;
    graph ||= tag >>> 3 === 7;
    reader.at += value;
    if (reader.at > bytes.length) return version && graph ? 'cut' : 'no';
  }
  if (!version) return 'no';
  return graph ? 'whole' : 'cut';
}

/** An unsigned base-128 number below 2^53, or null where there is none. */
function varint(bytes: Uint8Array, reader: { at: number }): number | null {
  let value = 0;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = bytes[reader.at++];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return null;
}

/** An eight-byte header length, then the header: a JSON object. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return length >= 2 && length <= bytes.length - 8;
}

function textKind(bytes: Uint8Array): Kind {
  const head = bytes.subarray(0, 4096);
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return 'unknown';
  const text = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (text.startsWith('<')) return 'html';
  return text.startsWith('{') || text.startsWith('[') ? 'json' : 'text';
}
