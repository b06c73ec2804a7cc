// What may be uploaded, and what is said to the rest.
import { readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { SubmissionError, type SubmissionProblem } from '../../lib/errors.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { limits } from '../../lib/limits.ts';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import { ModelProtoSchema } from '../../lib/onnx/onnx_pb.ts';
import { mlpModel } from '../models.ts';
import { zipOf, type ZipEntry } from './zip.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../reference/exported/pytorch/${name}`, import.meta.url)));
const onnx = encodeGraph(mlpModel(1, 4).graph);
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function problemOf(files: { name: string; bytes: Uint8Array }[]): Promise<SubmissionProblem> {
  try {
    await readUpload(files);
  } catch (error) {
    if (error instanceof SubmissionError) return error.problem;
    throw error;
  }
  throw new Error('The upload was taken.');
}

describe('taken', () => {
  test('ONNX under any name', async () => {
    expect((await readUpload([{ name: 'thesis.final(2).txt', bytes: onnx }])).layout).toBe('N,784');
  });

  test('ONNX of the IR versions 3 to 11 and newer; older is refused', async () => {
    const proto = fromBinary(ModelProtoSchema, onnx);
    const withIr = (irVersion: bigint) => [{ name: 'm.onnx', bytes: toBinary(ModelProtoSchema, { ...proto, irVersion }) }];
    for (const version of [3n, 4n, 7n, 10n, 11n, 13n]) expect((await readUpload(withIr(version))).layout).toBe('N,784');
    expect((await problemOf(withIr(2n))).found).toBe('The model has ONNX IR version 2.');
  });

  const model = { name: 'torch2.15-linear.onnx', bytes: fixture('torch2.15-linear.onnx') };
  const data = { name: 'torch2.15-linear.onnx.data', bytes: fixture('torch2.15-linear.onnx.data') };

  test('a model and its data file, in any order', async () => {
    expect(await readUpload([data, model])).toEqual(await readUpload([model, data]));
  });

  test.each([[''], ['my model/'], ['a/b/']])('a zip of both in the folder "%s"', async (folder) => {
    const noise: ZipEntry[] = [
      { name: '__MACOSX/._model.onnx', bytes: bytesOf('x') },
      { name: `${folder}.DS_Store`, bytes: bytesOf('x') },
      { name: `${folder}README.md`, bytes: bytesOf('hi') },
    ];
    const zip = zipOf([
      ...(folder ? [{ name: folder, bytes: new Uint8Array() }] : []),
      ...noise,
      ...[model, data].map(({ name, bytes }) => ({ name: folder + name, bytes })),
    ]);
    expect(await readUpload([{ name: 'upload', bytes: zip }])).toEqual(await readUpload([model, data]));
  });
});

describe('refused by what it is', () => {
  const hdf5 = Uint8Array.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
  const torchZip = (more: string[]) =>
    zipOf(['archive/data.pkl', 'archive/data/0', ...more].map((name) => ({ name, bytes: bytesOf('..') })));
  test.each<[string, Uint8Array, string, RegExp, RegExp | null]>([
    ['an empty file', new Uint8Array(), 'not-onnx-empty', /is empty/, null],
    ['a state dict', torchZip([]), 'not-onnx-pytorch', /torch.save/, /torch\.onnx\.export/],
    ['a TorchScript model', torchZip(['archive/code/__torch__.py']), 'not-onnx-torchscript', /TorchScript/, /torch\.onnx\.export/],
    ['a pickle', Uint8Array.from([0x80, 4, 0x95, 0, 0]), 'not-onnx-pickle', /pickle.*run any code/, /torch\.onnx\.export/],
    ['an HDF5 file that is none', hdf5, 'bad-hdf5', /HDF5/, /model\.save/],
    ['a SavedModel zip', zipOf([{ name: 'm/saved_model.pb', bytes: bytesOf('x') }]), 'not-onnx-saved-model', /SavedModel/, /model\.save/],
    ['a saved_model.pb', Uint8Array.from([8, 1, 0x12, 0]), 'not-onnx-saved-model', /SavedModel/, /model\.save/],
    ['a TFLite model', bytesOf('....TFL3....'), 'not-onnx-tflite', /TensorFlow Lite/, /model\.save/],
    ['safetensors', Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]), 'not-onnx-safetensors', /safetensors/, /torch\.onnx\.export/],
    ['an npz', zipOf([{ name: 'w.npy', bytes: bytesOf('x') }]), 'not-onnx-numpy', /NumPy/, /torch\.onnx\.export/],
    ['JSON that is no model', bytesOf('{"name": "gauntlet"}'), 'not-onnx-json', /no TensorFlow.js model/, /model\.save/],
    ['a web page', bytesOf('\n<!DOCTYPE html><html>404</html>'), 'not-onnx-html', /web page/, null],
    ['an image', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'not-onnx-image', /image/, null],
    ['Python source', bytesOf('import torch\nmodel = 1\n'), 'not-onnx-text', /is text/, /torch\.onnx\.export/],
    ['a Git LFS pointer', bytesOf('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'), 'not-onnx-lfs-pointer', /LFS/, null],
    ['a gzip', Uint8Array.from([0x1f, 0x8b, 8, 0]), 'not-onnx-gzip', /gzip/, null],
    ['noise', Uint8Array.from([7, 250, 1, 0, 3, 99, 255, 0]), 'not-onnx-unknown', /does not know/, null],
    ['an empty zip', zipOf([]), 'empty-zip', /no files/, /torch\.onnx\.export/],
  ])('%s', async (_, bytes, code, found, snippet) => {
    const problem = await problemOf([{ name: 'model.onnx', bytes }]);
    expect(problem.code).toBe(code);
    expect(problem.found).toMatch(found);
    expect(problem.wanted).toMatch(/ONNX/);
    expect(problem.fix).not.toBe('');
    if (snippet) expect(problem.snippet).toMatch(snippet);
  });

  test('a model cut off anywhere is said to be cut off, or not a whole model', async () => {
    const codes = new Set<string>();
    for (let length = 1; length < onnx.length; length += length < 64 || length > onnx.length - 64 ? 1 : 97) {
      codes.add((await problemOf([{ name: 'model.onnx', bytes: onnx.subarray(0, length) }])).code);
    }
    expect([...codes].toSorted()).toEqual(['cut-off', 'not-onnx-unknown']);
    expect((await problemOf([{ name: 'm', bytes: onnx.subarray(0, onnx.length / 2) }])).code).toBe('cut-off');
  });
});

describe('refused by how it comes', () => {
  test('nothing, two models, too many files, too much', async () => {
    expect((await problemOf([])).code).toBe('no-file');
    expect(
      (
        await problemOf([
          { name: 'a.onnx', bytes: onnx },
          { name: 'b.onnx', bytes: onnx },
        ])
      ).found,
    ).toMatch(/"a.onnx", "b.onnx"/);
    expect((await problemOf(Array.from({ length: limits.uploadFiles + 1 }, () => ({ name: 'a', bytes: onnx })))).code).toBe(
      'too-many-files',
    );
    expect((await problemOf([{ name: 'a', bytes: new Uint8Array(limits.uploadBytes + 1) }])).code).toBe('too-big');
  });

  test('a data file without its model', async () => {
    const problem = await problemOf([{ name: 'model.onnx.data', bytes: fixture('torch2.15-linear.onnx.data') }]);
    expect(problem.code).toBe('data-file-alone');
  });

  test('a model without its data file, which is named', async () => {
    const problem = await problemOf([
      { name: 'm.onnx', bytes: fixture('torch2.15-linear.onnx') },
      { name: 'notes.txt', bytes: bytesOf('x') },
    ]);
    expect(problem.code).toBe('data-file-missing');
    expect(problem.found).toBe(
      'The model "m.onnx" keeps its weights in the file "torch2.15-linear.onnx.data", ' +
        'which was not uploaded (uploaded beside it: notes.txt).',
    );
  });

  test('a data file that is cut off', async () => {
    const data = fixture('torch2.15-linear.onnx.data');
    const problem = await problemOf([
      { name: 'm.onnx', bytes: fixture('torch2.15-linear.onnx') },
      { name: 'torch2.15-linear.onnx.data', bytes: data.subarray(0, 1000) },
    ]);
    expect(problem.found).toMatch(/which has 1000 bytes/);
  });

  test('a zip beside other files', async () => {
    expect(
      (
        await problemOf([
          { name: 'a.zip', bytes: zipOf([]) },
          { name: 'b', bytes: bytesOf('x') },
        ])
      ).code,
    ).toBe('nested-zip');
    expect((await problemOf([{ name: 'a.zip', bytes: zipOf([{ name: 'b.zip', bytes: zipOf([]) }]) }])).code).toBe('nested-zip');
  });
});

describe('hostile zips', () => {
  const zip = (...entries: ZipEntry[]) => problemOf([{ name: 'z.zip', bytes: zipOf(entries) }]);

  test.each(['../model.onnx', '/etc/model.onnx', 'a/../../model.onnx', 'C:/model.onnx'])('a path that escapes: %s', async (name) => {
    expect((await zip({ name, bytes: onnx })).code).toBe('bad-zip');
  });

  test('a symbolic link', async () => {
    expect((await zip({ name: 'model.onnx', bytes: bytesOf('/etc/passwd'), mode: 0o120777 })).code).toBe('link-in-zip');
  });

  test('encryption', async () => {
    expect((await zip({ name: 'model.onnx', bytes: onnx, encrypted: true })).code).toBe('encrypted-zip');
  });

  test('a bomb that says so', async () => {
    expect((await zip({ name: 'model.onnx', bytes: onnx, claimedSize: limits.unpackedBytes + 1 })).found).toMatch(/at most 200 MB/);
  });

  test('a bomb that lies about its size, either way', async () => {
    expect((await zip({ name: 'model.onnx', bytes: new Uint8Array(5e6), claimedSize: 10 })).code).toBe('bad-zip');
    expect((await zip({ name: 'model.onnx', bytes: new Uint8Array(10), claimedSize: 5e6 })).code).toBe('bad-zip');
  });

  test('too many files and too many entries', async () => {
    const many = (count: number) => zip(...Array.from({ length: count }, (_, i) => ({ name: `f${i}`, bytes: bytesOf('x') })));
    expect((await many(limits.uploadFiles + 1)).found).toMatch(/has 17 files/);
    expect((await many(5000)).found).toMatch(/more than 4096 entries/);
  });

  test('a zip cut off anywhere', async () => {
    const whole = zipOf([{ name: 'model.onnx', bytes: onnx }]);
    for (let length = 4; length < whole.length; length += 41) {
      expect((await problemOf([{ name: 'z', bytes: whole.subarray(0, length) }])).code).toBe('bad-zip');
    }
  });
});
