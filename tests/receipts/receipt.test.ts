// Receipts from strangers: each wrong one is refused in words of its own, and never crashes the reader.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { claimsOf, datasetProblem, modelFit, promiseProblem } from '../../lib/receipts/check.ts';
import { compare } from '../../lib/receipts/compare.ts';
import { readReceipt, type Receipt } from '../../lib/receipts/receipt.ts';
import { partOf } from '../evaluations/stage.ts';
import { attack, clean, protocol, receiptOf } from './stage.ts';

const text = (receipt: unknown, signature: unknown = null) => JSON.stringify({ receipt, signature });
const trialsWith = (change: object): Receipt => {
  const receipt = receiptOf();
  return { ...receipt, trials: receipt.trials.with(0, { ...receipt.trials[0], ...change }) };
};
const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64');

test('a right one is read, with its protocol', () => {
  const read = readReceipt(text(receiptOf()));
  expect(read.receipt).toEqual(receiptOf());
  expect(read.protocol).toEqual(protocol);
  expect([...claimsOf(read.receipt, read.protocol).keys()]).toEqual([clean, attack]);
  expect(promiseProblem(read.receipt)).toBeNull();
  expect(datasetProblem(read.receipt)).toBeNull();
});

const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const attackOf = (more: object) => ({ ...protocol, trials: [{ ...protocol.trials[1], ...more }] });
test.each<[string, string, RegExp]>([
  ['no JSON', 'receipt', /This is no JSON/],
  ['a list', '[]', /This is no receipt: wanted is/],
  ['nothing', 'null', /This is no receipt: wanted is/],
  ['nested without end', '['.repeat(200_000), /This is no JSON/],
  ['a number nested without end', text(receiptOf()).replace('"nearTies":0', `"nearTies":${deep}`), /diagnostics nearTies: /],
  ['a protocol nested without end', text(receiptOf()).replace('"kind":"clean"', `"kind":${deep}`), /none of this version of Gauntlet/],
  ['another format', text({ ...receiptOf(), format: 'gauntlet-receipt-2' }), /of version gauntlet-receipt-2, specification gauntlet-v1; this Gauntlet reads/],
  ['another specification', text({ ...receiptOf(), specification: 'gauntlet-v2' }), /specification gauntlet-v2; .* Use the version that the site runs/],
  ['a member too many', text({ ...receiptOf(), grade: 1 }), /receipt: unknown key "grade"; allowed are format/],
  ['a seed that is no seed', text({ ...receiptOf(), phase: { ...receiptOf().phase, seed: 'abc' } }), /receipt phase seed: wanted 64 hex digits/],
  ['bits in no base64', text(trialsWith({ correctBits: '????' })), /correctBits: wanted base64/],
  ['a huge number of images', text(trialsWith({ total: 1e15 })), /trials\[0\] total: /],
  ['half an image', text(trialsWith({ total: 0.5 })), /trials\[0\] total: /],
  ['a number beyond numbers', text(trialsWith({ seconds: 0 })).replace('"seconds":0', '"seconds":1e999'), /trials\[0\] seconds: /],
  ['too many trials', text({ ...receiptOf(), trials: Array.from({ length: 1001 }, () => receiptOf().trials[0]) }), /trials: .*1000/],
  ['an unknown attack', text({ ...receiptOf(), protocol: attackOf({ attack: 'cw' }) }), /protocol is none of this version of Gauntlet.*attack.*A newer Gauntlet may know it/s],
  ['a protocol of too many images', text({ ...receiptOf(), protocol: { ...protocol, images: { split: 'test', size: 1e9 } } }), /protocol is none of this version/],
  ['no protocol', text({ ...receiptOf(), protocol: undefined }), /receipt protocol: /],
  ['a signature that is none', text(receiptOf(), { algorithm: 'none', publicKey: '', value: '' }), /signature algorithm: /],
])('%s is refused', (_, file, message) => {
  expect(() => readReceipt(file)).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(message) }));
});

test.each<[string, Receipt, RegExp]>([
  ['a trial the protocol does not have', trialsWith({ trial: 'mixed' }), /Trial mixed is not in its protocol/],
  ['a trial twice', trialsWith({ trial: attack }), /stands there twice/],
  ['too few images', trialsWith({ total: 16, correct: 16 }), /has 16 images; its protocol says 20/],
  ['too few bits', trialsWith({ correctBits: base64(255, 255) }), /has 2 bytes of outcomes; 3 belong to 20 images/],
  ['bits in sloppy base64', trialsWith({ correctBits: '//8P=' }), /has unreadable bytes of outcomes/],
  ['too few predictions', trialsWith({ predictions: base64(1, 2) }), /has 2 predictions; 20 belong there/],
  ['an eleventh class', trialsWith({ predictions: Buffer.alloc(20, 10).toString('base64') }), /predicts a class above 9/],
  ['bits beyond the end', trialsWith({ correctBits: base64(255, 255, 31) }), /beyond its last image/],
  ['a total that is not its bits', trialsWith({ correct: 19 }), /counts 19 right images, and its bits 20/],
  ['no bits', trialsWith({ correctBits: null }), /no outcomes of single images/],
])('%s does not fit', (_, receipt, message) => {
  expect(() => claimsOf(receipt, protocol)).toThrow(message);
});

test('a broken promise, and one not yet due', () => {
  const { phase } = receiptOf();
  expect(promiseProblem(receiptOf({ phase: { ...phase, seed: '6'.repeat(64) } }))).toMatch(/not the one that was promised/);
  expect(promiseProblem(receiptOf({ phase: { ...phase, seed: null } }))).toMatch(/still secret .* after the reveal/);
});

test('another data set', () => {
  const { files } = receiptOf().dataset;
  const name = 't10k-labels-idx1-ubyte';
  for (const dataset of [
    { name: 'MNIST', files }, { name: 'FashionMNIST', files: { ...files, [name]: '0'.repeat(64) } }, { name: 'FashionMNIST', files: { ...files, more: '0'.repeat(64) } },
  ]) expect(datasetProblem(receiptOf({ dataset }))).toMatch(/another data set/);
});

test('the model as uploaded, as it ran, and another', () => {
  const file = (content: string) => ({ name: content, bytes: Buffer.from(content) });
  const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
  const stored = (name: string) => ({ name, sha256: sha256(name), bytes: 1 });
  const receipt = receiptOf({ model: { ...receiptOf().model, sha256: sha256('canonical'), files: [stored('m.onnx'), stored('m.onnx.data')] } });
  expect(modelFit(receipt, [file('m.onnx.data'), file('m.onnx')])).toBe('uploaded');
  expect(modelFit(receipt, [file('canonical')])).toBe('canonical');
  for (const files of [[file('m.onnx')], [file('m.onnx'), file('m.onnx')], [file('canonical'), file('m.onnx')], []]) {
    expect(() => modelFit(receipt, files)).toThrow(/another model than the receipt's/);
  }
});

describe('a comparison', () => {
  const claims = claimsOf(receiptOf(), protocol);
  const [cleanTrial, attackTrial] = protocol.trials;
  /** As the receipt has it, but for the first `wrong` images. */
  const again = (wrong: number, more: object = {}) => {
    const predictions = new Uint8Array(20).fill(3).fill(4, 0, wrong);
    const correctBits = Uint8Array.from([255, 255, 15]);
    for (let i = 0; i < wrong; i++) correctBits[i >> 3] &= ~(1 << (i & 7));
    return { ...partOf('t', 0, 20), predictions, correctBits, engine: 'engine 1.0', device: 'cpu', diagnostics: { nearTies: 0 }, ...more };
  };

  test('finds nothing where nothing is, whole or in pieces', () => {
    expect(compare(cleanTrial, claims.get(clean)!, [again(0)])).toEqual({ images: 20, bits: 0, classes: 0, sameClass: true, verdict: 'same' });
    const piece = { ...again(1), start: 16, end: 20, correctBits: Uint8Array.of(15), predictions: new Uint8Array(4).fill(3) };
    expect(compare(cleanTrial, claims.get(clean)!, [piece])).toMatchObject({ images: 4, bits: 0, verdict: 'same' });
  });

  test('counts what differs, and forgives no more than near ties', () => {
    const found = (nearTies: number) => compare(cleanTrial, claims.get(clean)!, [again(2, { diagnostics: { nearTies } })]);
    expect(found(1)).toMatchObject({ bits: 2, classes: 2, verdict: 'differs' });
    expect(found(2)).toMatchObject({ bits: 2, verdict: 'near ties' });
  });

  test('tolerates a fifth of a point in attacks, on another numerics class alone', () => {
    const found = (wrong: number, device: string) => compare(attackTrial, claims.get(attack)!, [again(wrong, { device })]).verdict;
    expect([found(1, 'cpu'), found(1, 'cuda'), found(2, 'cuda')]).toEqual(['differs', 'tolerated', 'differs']);
  });
});
