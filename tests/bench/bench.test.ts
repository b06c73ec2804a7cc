// The bench itself: it must go on running, and its table must say what was measured.
import { expect, test } from 'vitest';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { uniform, mlpModel } from '../models.ts';
import { measure, type Round } from './measure.ts';
import { openPlayer } from './player.ts';
import { startPlayer } from './player-process.ts';
import { table } from './table.ts';
import { smaller } from './whole.ts';

test('a model is timed without PyTorch at the batch size asked for, on as many cores as there are processes', async () => {
  const model = mlpModel();
  const count = 16;
  const images = { x: uniform(1, count * 784, 0, 1), labels: new Uint8Array(count), count };
  const ours = [await openPlayer(images), await openPlayer(images)];
  const measured = await measure({ name: 'MLP', model, original: model.graph }, 8, { ours, peers: new Map() }, { rounds: 2, seconds: 0.01 });
  for (const player of ours) await player.close();
  expect([measured.batch, measured.cores]).toEqual([8, 2]);
  for (const rounds of [measured.inference, measured.gradients]) {
    expect(rounds).toHaveLength(2);
    for (const { ours, peak } of rounds) {
      expect(ours).toBeGreaterThan(0);
      expect(peak).toBeGreaterThan(1e8);
    }
  }
  expect(table([measured], []).split('\n')).toHaveLength(3);
});

test('a player in a process of its own does the same', async () => {
  const player = startPlayer();
  try {
    expect((await player.open(mlpModel(), 4)).batch).toBe(4);
    expect(await player.rate('gradients', 0.01)).toBeGreaterThan(0);
    await expect(player.open({ ...mlpModel(), graph: { ...mlpModel().graph, nodes: [] } })).rejects.toThrow();
  } finally {
    await player.close();
  }
});

test('the table takes medians of rates and of the ratios within a round', () => {
  const round = (ours: number, installed: number, tuned: number): Round =>
    ({ ours, peak: 1e9, peers: { 'as installed': installed, tuned } });
  const inference = [round(100, 50, 100), round(1000, 100, 100), round(300, 100, 150)];
  const gradients = [round(10, 10, 20), round(30, 10, 20)];
  const one = { name: 'M', engine: 'e', batch: 4, cores: 2, flopsPerImage: 1e6, inference, gradients };
  const lines = table([one], ['as installed', 'tuned']).split('\n');
  expect(lines[2]).toBe('| M | 1.00 | 2 | 300 | 3.00 | 2.00 | 30 % | 20 | 2.00 | 1.00 | 4 % |');
});

test('the whole protocol leaves out what the script beside it lacks, and asks fewer images', () => {
  const small = smaller(protocols['gauntlet-v1'], 10);
  expect(small.trials.length).toBeGreaterThan(100);
  expect(small.images).toEqual({ split: 'test', size: 1000 });
  const odd = { ...small, trials: [...small.trials, { kind: 'attack', attack: 'noise', norm: 'linf', epsilon: 0.1 } as const] };
  expect(smaller(odd, 1)).toEqual(small);
});
