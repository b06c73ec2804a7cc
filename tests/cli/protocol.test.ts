// `gauntlet protocol`: what it says of a good protocol, and of a wrong one.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gauntlet } from './command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-protocol-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a built-in one, with what it costs for every baseline', async () => {
  const json = join(folder, 'out.json');
  const { code, out, err } = await gauntlet('protocol', 'gauntlet-v1', '--json', json);
  expect(code, err).toBe(0);
  for (const words of ['gauntlet-v1 can be used', 'ranked by mixed, meanPerturbation, robust, clean', 'may declare: shift', 'attack pgd', 'Reference', '10000']) expect(out).toContain(words);
  const { protocol, estimates } = JSON.parse(await readFile(json, 'utf8'));
  expect(protocol.trials.length).toBe(estimates[0].cost.trials);
  expect(estimates.map(({ model }: { model: string }) => model)).toContain('Linear');
});

test('one of one’s own, with doubts; and a wrong one, with every problem', async () => {
  const file = join(folder, 'mine.json');
  const pgd = { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 5 };
  await writeFile(file, JSON.stringify({ name: 'mine', trials: [{ kind: 'clean' }, pgd] }));
  const good = await gauntlet('protocol', file);
  expect(good.out).toContain('It can be ranked by robust, clean.');
  expect(good.out).toContain('Perhaps not meant: pgd/linf/0.1/0.01x5/random/restarts1/last: its steps reach');

  await writeFile(file, JSON.stringify({ name: 'mine', trials: [{ ...pgd, epsilon: 3 }, { kind: 'clean' }, { kind: 'clean' }] }));
  const wrong = await gauntlet('protocol', file);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toMatch(/epsilon 3 in the norm linf[\s\S]*trials\[2\] repeats trials\[1\]/);
});
