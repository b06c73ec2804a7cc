// Five hundred hostile inputs, the same each time: each ends in words for its sender, or in a model that runs or meets a limit by name.
// `npm run test:long` tries ten thousand others.
import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

test('500 hostile inputs of every format', async () => {
  const { faults, ...tally } = await campaign({ count: 500, seed: 1, seconds: 10, runEvery: 8 });
  expect(faults.map(({ number, input, what }) => `input ${number}, ${input.format}, ${input.how}: ${what}`)).toEqual([]);
  expect(tally).toMatchObject({ inputs: 500, outcomes: { taken: expect.any(Number), refused: expect.any(Number) } });
  expect(tally.models.ran).toBeGreaterThan(5);
  expect(tally.answers).toBeGreaterThan(100);
}, 180_000);
