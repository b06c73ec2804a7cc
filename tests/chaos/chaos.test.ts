// The short form of `npm run chaos`: each kind of process is killed once while students work, and every promise holds.
import { expect, test } from 'vitest';
import { chaos } from './rounds.ts';
import { victims } from './system.ts';

test('a child, a worker, the site and Postgres are killed with SIGKILL, and nothing of what was promised breaks', { timeout: 600_000 }, async () => {
  const { kills, checked, ledger } = await chaos({
    seed: 'short', rounds: victims.length, students: 3, models: 1, lease: { heartbeatSeconds: 0.5, silenceSeconds: 3 },
  });
  expect(kills.map(({ victim }) => victim).sort()).toEqual([...victims].sort());
  expect(ledger.submissions.length).toBeGreaterThan(0);
  for (const { promise, times, broken } of checked) {
    expect(broken, promise).toEqual([]);
    expect(times, promise).toBeGreaterThan(0);
  }
});
