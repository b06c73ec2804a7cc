// Agreement in wrong answers: a copy stands out of a class whose mistakes are alike anyway, and a class without one has none.
import { expect, test } from 'vitest';
import { agreements, median, type Answers } from '../../lib/leaderboard/agreement.ts';
import { deriveKey, Stream } from '../../lib/random.ts';

const images = 4000;
const random = (name: string) => {
  const stream = new Stream(deriveKey('', 'bootstrap', name, 'evaluate'), { image: 0 });
  return () => stream.uniform();
};

/** Images are easy or hard, and each has a wrong class that most who err choose: mistakes of strangers agree often. */
function classOf(size: number, name: string): Answers[] {
  const draw = random(name);
  const pictures = Array.from({ length: images }, () => ({ hard: draw() ** 4, label: Math.floor(draw() * 10), lure: 0.3 + 0.7 * draw() }));
  return Array.from({ length: size }, (_, model) => {
    const own = random(`${name} ${model}`);
    const predictions = new Uint8Array(images);
    const correctBits = new Uint8Array(images / 8);
    pictures.forEach(({ hard, label, lure }, i) => {
      const right = own() > hard;
      if (right) correctBits[i >> 3] |= 1 << (i & 7);
      predictions[i] = (label + (right ? 0 : own() < lure ? 1 : 2 + Math.floor(own() * 8))) % 10;
    });
    return { predictions, correctBits };
  });
}

/** The same model trained a little further: a share of its answers is another's. */
function retrained(model: Answers, other: Answers, share: number): Answers {
  const draw = random('retrained');
  const [predictions, correctBits] = [model.predictions.slice(), model.correctBits.slice()];
  for (let i = 0; i < images; i++) {
    if (draw() >= share) continue;
    predictions[i] = other.predictions[i];
    correctBits[i >> 3] = (correctBits[i >> 3] & ~(1 << (i & 7))) | (other.correctBits[i >> 3] & (1 << (i & 7)));
  }
  return { predictions, correctBits };
}

test.each([40, 6])('of %i models one that was trained further from another stands out, and nothing else does', async (size) => {
  const [donor, ...models] = classOf(size + 1, 'class');
  models[size - 1] = retrained(models[1], donor, 0.2);
  const [most, next] = await agreements(models);
  expect([most.first, most.second]).toEqual([size - 1, 1]);
  expect(most.p).toBeLessThan(1e-6);
  expect(most.same / most.bothWrong).toBeGreaterThan(most.expected / most.bothWrong + 0.1);
  expect(next.p).toBeGreaterThan(0.01);
});

test('strangers agree as often as expected, pair by pair and on the whole', async () => {
  for (const name of ['a', 'b', 'c']) {
    const found = await agreements(classOf(30, name));
    expect(found).toHaveLength(435);
    expect(found[0].p).toBeGreaterThan(0.01);
    expect(median(found.map(({ same, expected }) => same / expected))).toBeCloseTo(1, 1);
  }
});

test('pairs that are left out are not compared, and too few models or mistakes are nothing', async () => {
  const models = classOf(8, 'class');
  expect(await agreements(models, (a, b) => a > 1 || b > 1)).toHaveLength(27);
  expect(await agreements(models.slice(0, 4))).toEqual([]);
  const perfect = models.map(({ predictions }) => ({ predictions, correctBits: new Uint8Array(images / 8).fill(255) }));
  expect(await agreements(perfect)).toEqual([]);
});
