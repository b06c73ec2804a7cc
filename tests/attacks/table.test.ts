// docs/attacks.md says what the committed figures say, they keep their tolerances, and a slice of them is measured again here.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { assemble, type Part } from '../../lib/evaluation/cell.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { openModel } from '../../lib/evaluation/open.ts';
import type { AttackTrial } from '../../lib/evaluation/trial.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';
import { compare, sameStart, worstOf } from '../reference/attack_table/compare.ts';
import { page } from '../reference/attack_table/page.ts';
import { bitsOf, modelBytes, type ModelName, models, ours, type Row, theirs } from '../reference/attack_table/rows.ts';

test('docs/attacks.md is what make_table.ts writes from the committed figures', () => {
  expect(readFileSync(new URL('../../docs/attacks.md', import.meta.url), 'utf8')).toBe(page());
});

const measured = (Object.keys(models) as ModelName[]).filter((name) => ours(name) && theirs(name));

test('the table has the three models trained for it, and baselines', () => {
  expect(measured).toEqual(expect.arrayContaining(['standard', 'augmented', 'adversarial', 'linear', 'mlp', 'reference-cnn-adversarial']));
});

test.each(measured)('%s: every committed figure is within its tolerance of the reference', (name) => {
  const rows = compare(ours(name)!, theirs(name)!);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ within }) => !within)).toEqual([]);
});

/** Fewer than every committed figure has. */
const images = 96;
const slice: Partial<Record<ModelName, string[]>> = {
  standard: ['fgsm', 'bim', 'mim', 'pgd', 'apgd-ce', 'ensemble'],
  adversarial: ['fgsm', 'apgd-ce'],
  linear: ['mim', 'pgd', 'apgd-t'],
};
const epsilon = 0.1;

describe.each(Object.keys(slice) as ModelName[])('%s again', (name) => {
  let dataset: Dataset;
  let engine: Engine;

  beforeAll(async () => {
    dataset = await loadFashionMnist(await findFashionMnist());
    engine = await openModel(await readUpload([{ name: `${name}.onnx`, bytes: modelBytes(name) }]), dataset);
    return () => engine.close();
  });

  test.each(slice[name]!)(`%s at epsilon ${epsilon}, the first ${images} images`, async (attack) => {
    const recorded = ours(name)!;
    const isThis = ({ trial }: Row) => trial.kind === 'attack' && trial.attack === attack && trial.norm === 'linf' && trial.epsilon === epsilon;
    const row = recorded.rows.find(isThis)!;
    const trial = { ...(row.trial as AttackTrial), images: { split: 'test' as const, first: images } };
    const context = { dataset, protocol: { name: 'again', images: trial.images, trials: [trial] }, keys: keysFromSeed(seedHexOf(recorded.versions.seed)) };
    const parts: Part[] = [];
    for await (const part of evaluateTrial(engine, trial, { start: 0, end: images }, context)) parts.push(part);
    const cell = assemble(parts, images)!;
    const found = bitsOf({ total: images, correctBits: Buffer.from(cell.correctBits).toString('base64') });
    const differing = (bits: boolean[]) => found.filter((right, i) => right !== bits[i]).length;

    // The same streams whatever the number of images; another machine's rounding may tip an image.
    expect(differing(bitsOf(row))).toBeLessThanOrEqual(1);
    const { rows } = theirs(name)!;
    const beside = (by: string) => bitsOf(rows.find((other) => other.by === by && isThis(other))!).slice(0, images);
    if (sameStart.includes(attack)) expect(differing(beside('float64 loop'))).toBeLessThanOrEqual(1);
    else if (attack === 'ensemble') expect(cell.correct).toBeLessThanOrEqual(worstOf(rows, epsilon).slice(0, images).filter(Boolean).length + 1);
    else expect(cell.correct).toBeLessThanOrEqual(beside('AutoAttack').filter(Boolean).length + 1);
  });
});
