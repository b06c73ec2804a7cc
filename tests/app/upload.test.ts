// The upload page's own decisions: what belongs together, what need not be sent, what a refusal means, and how a model wants its pixels.
import { readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { grouped } from '../../app/challenges/[slug]/submit/group.ts';
import { hashOf } from '../../app/challenges/[slug]/submit/hash.ts';
import { remaining } from '../../app/challenges/[slug]/submit/remaining.ts';
import { fedValue, usual } from '../../app/challenges/[slug]/submit/scalings.ts';
import { difference, refusedOf } from '../../app/challenges/[slug]/submit/upload.ts';
import { speedometer } from '../../app/challenges/[slug]/submit/uploads.ts';
import { verdictOf } from '../../app/challenges/[slug]/submit/verdict.ts';
import { firstLook } from '../../lib/challenges/first-look.ts';
import { limits } from '../../lib/limits.ts';
import type { Fed } from '../../lib/playground/feeding.ts';

describe('which files are one model', () => {
  const at = (...paths: string[]) => {
    const { models, leftOut } = grouped(paths.map((path) => ({ path, name: path.split('/').at(-1)! })));
    return { models: models.map((each) => each.map(({ path }) => path)), leftOut: leftOut.map(({ path }) => path) };
  };

  test.each([
    ['a model alone', ['model.onnx'], [['model.onnx']], []],
    ['a model with its weights', ['model.onnx', 'model.onnx.data'], [['model.onnx', 'model.onnx.data']], []],
    ['weights of any name beside the only model', ['net.onnx', 'weights.bin'], [['net.onnx', 'weights.bin']], []],
    ['a TensorFlow.js model in shards', ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'], [['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin']], []],
    ['two models, each with its weights', ['a.onnx', 'b.onnx', 'b.onnx.data', 'a.onnx.data'], [['a.onnx', 'a.onnx.data'], ['b.onnx', 'b.onnx.data']], []],
    ['of names that begin alike the longest', ['a.onnx', 'a2.onnx', 'a2.onnx.data'], [['a.onnx'], ['a2.onnx', 'a2.onnx.data']], []],
    ['what lies around is left out', ['model.onnx', 'train.py', 'model.pt', '.DS_Store'], [['model.onnx']], ['train.py', 'model.pt']],
    ['weights that could be of either', ['a.onnx', 'b.onnx', 'weights.bin'], [['a.onnx'], ['b.onnx']], ['weights.bin']],
    ['a folder', ['run/model.onnx', 'run/model.onnx.data', 'run/log.txt', 'run/.git/HEAD'], [['run/model.onnx', 'run/model.onnx.data']], ['run/log.txt']],
    ['the same names in two folders', ['a/model.json', 'a/w.bin', 'b/model.json', 'b/w.bin'], [['a/model.json', 'a/w.bin'], ['b/model.json', 'b/w.bin']], []],
    ['no model: each file is asked about', ['model.pt', 'notes.txt'], [['model.pt'], ['notes.txt']], []],
    ['no model in a folder: asked about once', ['saved/saved_model.pb', 'saved/variables/x.index'], [['saved/saved_model.pb', 'saved/variables/x.index']], []],
    ['nothing', ['.DS_Store'], [], []],
  ])('%s', (_, files, models, leftOut) => {
    expect(at(...files)).toEqual({ models, leftOut });
  });
});

describe('before anything is sent', () => {
  const file = (name: string, content: Uint8Array | string) => Object.assign(new Blob([content as BlobPart]), { name });
  const sized = (name: string, size: number) => ({ name, size, slice: () => new Blob(['x']), arrayBuffer: async () => new ArrayBuffer(0) });

  test.each([
    ['model.onnx', 'model.onnx', 'reference-cnn.onnx'],
    ['a model under another name', 'model.bin', 'linear.onnx'],
  ])('%s passes', async (_, name, baseline) => {
    expect(await firstLook([file(name, await readFile(`lib/baselines/${baseline}`))])).toBeNull();
  });

  const pickle = new Uint8Array([0x80, 2, 0x8a, 10, 0x6c]);
  test.each([
    ['nothing in it', [file('model.onnx', '')], 'not-onnx-empty'],
    ['a pickle', [file('model.onnx', pickle)], 'not-onnx-pickle'],
    ['what torch.save writes', [file('model.pt', zipSync({ 'model/data.pkl': pickle, 'model/version': new Uint8Array([51]) }))], 'not-onnx-pytorch'],
    ['a SavedModel', [file('saved_model.pb', new Uint8Array([8, 1, 0x12, 1, 0])), file('x.index', new Uint8Array([0, 1]))], 'not-onnx-saved-model'],
    ['an image', [file('model.onnx', new Uint8Array([0x89, 0x50, 0x4e, 0x47]))], 'not-onnx-image'],
    ['weights alone', [file('model.onnx.data', new Uint8Array([0, 1, 2]))], 'data-file-alone'],
    ['a byte too many', [sized('model.onnx', limits.uploadBytes + 1)], 'too-big'],
    ['too large together', [sized('a', limits.uploadBytes), sized('b', 1)], 'too-big'],
    ['too many', Array.from({ length: 300 }, (_, i) => sized(`${i}`, 1)), 'too-many-files'],
  ])('%s is told', async (_, files, code) => {
    const problem = await firstLook(files);
    expect(problem).toMatchObject({ code, found: expect.any(String), wanted: expect.any(String), fix: expect.any(String) });
  });

  test('a broken or another zip is for the reader to judge', async () => {
    expect(await firstLook([file('model.zip', new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]))])).toBeNull();
    expect(await firstLook([file('model.zip', zipSync({ 'model.onnx': new Uint8Array([1]) }))])).toBeNull();
  });
});

test('the hash in slices is the hash, and stops when it is told to', async () => {
  const bytes = new Uint8Array(2 ** 20 + 5).map((_, i) => i);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  expect(await hashOf(new Blob([bytes]), new AbortController().signal)).toBe(digest);
  await expect(hashOf(new Blob([bytes]), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

test('what arrived is held against what was sent', () => {
  const draft = { id: 'x', report: null, problem: null, files: [{ name: 'a', bytes: 3, sha256: 'aa' }] };
  expect(difference(draft, [{ size: 3 }], ['aa'])).toBeNull();
  for (const wrong of [difference(draft, [{ size: 4 }], ['aa']), difference(draft, [{ size: 3 }], ['bb']), difference(draft, [{ size: 3 }, { size: 1 }], ['aa', 'cc'])]) {
    expect(wrong).toMatchObject({ title: 'Damaged on the way', again: 'nothing' });
  }
});

test('the rate is of the last seconds, and not of the first moments', () => {
  const rate = speedometer();
  expect([rate(900, 0), rate(1000, 100), rate(2900, 1000)]).toEqual([null, null, 2000]);
  for (let at = 2; at <= 20; at++) rate(2900 + 100 * at, 1000 * at);
  expect(rate(2900 + 100 * 21, 21_000)).toBeCloseTo(100);
});

test.each([
  [401, undefined, 'sign-in', /signed out/],
  [403, 'It closed at noon.', null, /It closed at noon/],
  [413, undefined, null, /no upload as large/],
  [429, undefined, 'wait', /in 30 seconds/],
  [503, undefined, 'nothing', /answered 503/],
])('a %i is said in words', (status, message, again, words) => {
  const refused = refusedOf(status, message, '30');
  expect(refused.again).toBe(again);
  expect(`${refused.title} ${refused.text}`).toMatch(words);
});

test.each([
  [0, 'over'], [-5, 'over'], [9_000, 'in 9 s'], [18 * 60_000 + 32_000, 'in 18 min 32 s'], [5 * 3_600_000, 'in 5 h 0 min'], [75 * 3_600_000, 'in 3 days 3 h'],
])('%i ms are %s', (milliseconds, text) => expect(remaining(milliseconds)).toBe(text));

test('what black and white become', () => {
  expect(usual.map(({ scaling }) => [fedValue(scaling, 0), fedValue(scaling, 255)])).toEqual([['0', '1'], ['0', '255'], ['−1', '1'], ['−0.81', '2.02'], ['−0.42', '2.82']]);
});

describe('the verdict', () => {
  const labels = Uint8Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
  /** The first so many images right, the rest called the next class. */
  const fed = (at: number, right: number, answer = (label: number) => (label + 1) % 10, transposed = false): Fed => {
    const predictions = labels.map((label, i) => (i < right ? label : answer(label)));
    return { scaling: usual[at].scaling, transposed, predictions, sureness: new Float32Array(100).fill(0.9), right: predictions.filter((p, i) => p === labels[i]).length, notFinite: 0 };
  };
  const of = (all: Fed[], softmaxTwice = false) => verdictOf({ labels, fed: all, softmaxTwice }, usual[0].scaling);

  test('a clearly better scaling is named with both figures', () => {
    const verdict = of([fed(0, 10), fed(1, 91)]);
    expect(verdict.better).toEqual(usual[1].scaling);
    expect(verdict.text).toMatch(/91 right with 0 to 255, and only 10 with 0 to 1/);
  });

  test('a rival of the better one is named too', () => {
    expect(of([fed(0, 20), fed(3, 88), fed(4, 86)]).text).toMatch(/88 right with FashionMNIST’s.*As good: 86 of 100 with MNIST’s/);
  });

  test('what could be chance changes nothing', () => {
    const verdict = of([fed(0, 90), fed(1, 92)]);
    expect(verdict).toMatchObject({ better: null, tone: 'good', text: expect.stringMatching(/90 of 100.*92 with 0 to 255 is no clear difference/) });
  });

  test('classes in another order are told from a model that has learned nothing', () => {
    const permuted = of([fed(0, 0, (label) => 9 - label), fed(1, 0, (label) => 9 - label)]);
    expect(permuted).toMatchObject({ better: null, tone: 'warn' });
    expect(permuted.hints.join()).toMatch(/0 as 9, 1 as 8.*Reorder the last layer/);
    expect(of([fed(0, 10, () => 0)]).hints.join()).toMatch(/called class 0/);
  });

  test('transposed images and a second softmax are told', () => {
    expect(of([fed(0, 8), fed(0, 85, undefined, true)]).hints.join()).toMatch(/rows and columns swapped it gets 85 of 100/);
    expect(of([fed(0, 90)], true).hints.join()).toMatch(/softmax twice/);
    expect(of([fed(0, 90)]).hints).toEqual([]);
  });
});
