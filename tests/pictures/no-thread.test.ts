// A thread that cannot start: whoever waits hears so, and whoever asks next has another try.
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { keysFor } from '../../lib/evaluation/shards.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { NoPictures, picturesOf } from '../../lib/pictures/pictures.ts';

const here = process.cwd();
afterEach(() => process.chdir(here));

test('all who wait hear that there are no images, and the next gets some', async () => {
  const trial: Trial = { kind: 'clean' };
  const protocol: Protocol = { name: 'pictures', images: { split: 'test', size: 4 }, trials: [trial] };
  const wanted = { protocol, trial, keys: keysFor(protocol, trial, '5eed'.repeat(16)) };
  // Where there is no project: the thread's program is looked for in the working directory.
  process.chdir(tmpdir());
  const ends = await Promise.allSettled([picturesOf([{ ...wanted, positions: [0] }]), picturesOf([{ ...wanted, positions: [1] }])]);
  for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: expect.any(NoPictures) });
  process.chdir(here);
  expect((await picturesOf([{ ...wanted, positions: [0] }]))[0].image).toHaveLength(1);
});
