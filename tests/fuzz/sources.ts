// The honest files that fuzzing begins with, by format: models made in code and by the frameworks, and what accompanies models.
import { readFileSync } from 'node:fs';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { unpack, type UploadedFile } from '../../lib/formats/archive.ts';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import { savedModel } from '../formats/keras.ts';
import { zipOf } from '../formats/zip.ts';
import { cnnModel, mlpModel, resnetModel } from '../models.ts';
import { receiptOf } from '../receipts/stage.ts';

/** What reads the files: the site's inspection, or the reader of what accompanies a model. */
export type Reader = 'upload' | 'protocol' | 'receipt' | 'roster';

/**
 * `weight`: how often of all. `pack`: what is done to files after they are damaged, since a zip has checksums that would tell.
 */
export type Format = { reader: Reader; weight: number; sources: () => Promise<UploadedFile[][]>; pack?: (files: UploadedFile[]) => UploadedFile[] };

const file = (name: string, text: string | Uint8Array): UploadedFile => ({ name, bytes: new Uint8Array(Buffer.from(text)) });
const exported = (path: string): UploadedFile => file(path.split('/').at(-1)!, readFileSync(new URL(`../reference/exported/${path}`, import.meta.url)));
const linear = () => [exported('pytorch/torch2.15-linear.onnx'), exported('pytorch/torch2.15-linear.onnx.data')];
const zipped = (files: UploadedFile[]) => [{ name: 'model.zip', bytes: zipOf(files) }];

const onnxFiles = [
  'pytorch/torch1.13-cnn.onnx', 'pytorch/torch1.13-cnn-opset9.onnx', 'pytorch/torch1.13-view.onnx', 'pytorch/torch2.15-mlp.onnx', 'pytorch/torch2.15-view-script.onnx',
  'pytorch/torch2.15-view-half.onnx', 'pytorch/torch2.15-norms.onnx', 'pytorch/torch2.15-lstm.onnx', 'pytorch/torch2.15-gru.onnx', 'pytorch/torch2.15-transformer-opset23.onnx',
  'pytorch/torch2.15-causal.onnx', 'pytorch/torch2.15-spatial-transformer.onnx', 'pytorch/torch2.15-antialiased.onnx', 'sklearn/tree.onnx', 'sklearn/boosted.onnx',
  'sklearn/logistic.onnx', 'sklearn/neighbours.onnx', 'quantised/qdq-channel.onnx', 'quantised/operators.onnx', 'tf2onnx/keras2.15-recurrent.onnx', 'tf2onnx/keras3.15-own.onnx',
  '../gradients/unet.onnx', '../gradients/norms.onnx', '../gradients/pooling.onnx', '../gradients/activations.onnx',
];

const roster = ['email;Name;Student number;Section', 'ada@uni.test;"Lovelace, Ada";1815;A', 'kai@uni.test;Kai;2;B', 'mia@uni.test;"Mia\nNovak";3;'].join('\r\n');

export const formats = {
  ONNX: {
    reader: 'upload', weight: 8,
    sources: async () => [
      ...onnxFiles.map((path) => [exported(path)]),
      ...[mlpModel(1, 4), cnnModel(2, 2), resnetModel(3, 2)].map(({ graph }) => [file('model.onnx', encodeGraph(graph))]),
    ],
  },
  'ONNX with external data': { reader: 'upload', weight: 2, sources: async () => [linear()] },
  'ONNX in a zip': { reader: 'upload', weight: 1, sources: async () => [linear(), [exported('pytorch/torch2.15-mlp.onnx')]], pack: zipped },
  zip: { reader: 'upload', weight: 3, sources: async () => [zipped(linear()), zipped(savedModel('tfjs/old-branches')), savedModel('cnn.keras')] },
  'TensorFlow.js': { reader: 'upload', weight: 3, sources: async () => ['tfjs/saved', 'tfjs/old-branches', 'tfjs/old-cnn', 'tfjs/rounded-uint8'].map(savedModel) },
  '.keras': {
    reader: 'upload', weight: 3, pack: zipped,
    sources: () => Promise.all(['cnn', 'branches', 'preprocessing', 'shapes', 'resized', 'activations'].map((name) => unpack(savedModel(`${name}.keras`)[0]))),
  },
  '.h5': { reader: 'upload', weight: 3, sources: async () => ['branches.h5', 'preprocessing.h5', 'old-branches.h5', 'old-resized.h5'].map(savedModel) },
  protocol: { reader: 'protocol', weight: 1, sources: async () => Object.values(protocols).map((each) => [file('protocol.json', JSON.stringify(each))]) },
  receipt: { reader: 'receipt', weight: 1, sources: async () => [[file('receipt.json', JSON.stringify({ receipt: receiptOf(), signature: null }))]] },
  roster: { reader: 'roster', weight: 1, sources: async () => [[file('roster.csv', roster)], [file('roster.csv', roster.replaceAll(';', ','))]] },
} satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
