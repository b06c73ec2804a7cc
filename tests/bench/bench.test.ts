// The bench itself: it must go on running, and its table must say what was measured.
import { expect, test } from 'vitest';
import { uniform, mlpModel } from '../models.ts';
import { measure, type Round } from './measure.ts';
import { openPeak } from './peak.ts';
import { table } from './table.ts';

test('a model is timed without PyTorch at the batch size asked for', async () => {
  const model = mlpModel();
  const count = 16;
  const pictures = { x: uniform(1, count * 784, 0, 1), labels: new Uint8Array(count), count };
  const players = { peers: new Map(), peak: await openPeak(), pictures };
  const measured = await measure({ name: 'MLP', model, original: model.graph }, 8, players, { rounds: 2, seconds: 0.01 });
  expect(measured.batch).toBe(8);
  for (const rounds of [measured.inference, measured.gradients]) {
    expect(rounds).toHaveLength(2);
    for (const { ours, peak } of rounds) {
      expect(ours).toBeGreaterThan(0);
      expect(peak).toBeGreaterThan(1e8);
    }
  }
  expect(table([measured], false).split('\n')).toHaveLength(3);
});

test('the table takes medians of rates and of the ratios within a round', () => {
  const round = (ours: number, installed: number, tuned: number): Round =>
    ({ ours, peak: 1e9, peers: { 'as installed': installed, tuned } });
  const inference = [round(100, 50, 100), round(1000, 100, 100), round(300, 100, 150)];
  const gradients = [round(10, 10, 20), round(30, 10, 20)];
  const lines = table([{ name: 'M', engine: 'e', batch: 4, flopsPerImage: 1e6, inference, gradients }], true).split('\n');
  expect(lines[2]).toBe('| M | 1.00 | 4 | 300 | 3.00 | 2.00 | 30 % | 20 | 2.00 | 1.00 | 4 % |');
});
