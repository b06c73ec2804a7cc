// The log of an evaluation is told from what its work left in the database; its range of time narrows as shards are done.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database } from '../../lib/db/client.ts';
import { shards, workers } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { rangeLeft } from '../../lib/evaluations/eta.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { logOf } from '../../lib/evaluations/log.ts';
import { protocolFacts } from '../../lib/evaluations/protocol-facts.ts';
import { platformFailed, shardDone, shardWaits, takeShard } from '../../lib/evaluations/work.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, partOf, person, submit } from './stage.ts';

const protocol = parseProtocol({
  name: 'logged',
  images: { split: 'test', size: 100 },
  trials: [{ kind: 'mixed' }, { kind: 'perturbation', perturbation: 'fog', severity: 1 }, { kind: 'perturbation', perturbation: 'fog', severity: 2 }],
});
const worker = { id: '00000000-0000-4000-8000-000000000007', name: 'lab-7', engine: 'test-engine 1', device: 'cpu', concurrency: 1 };

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await database().insert(workers).values(worker);
});
afterAll(() => fresh.drop());

test('an evaluation’s log from the queue to its end, with a failure of ours on the way', async () => {
  const student = await person();
  const { id } = await challengeOf(protocol);
  const { submissionId, evaluationId } = await submit(student, id);
  const log = async () => logOf(await getSubmission(student, submissionId), { etaSeconds: 60, startsInSeconds: null });
  const run = async (trialId: string, land = true) => {
    const [shard] = await database().select().from(shards).where(eq(shards.trialId, trialId));
    const work = (await takeShard(shard.id, worker.id))!;
    if (!land) return shard.id;
    await landPart(work, partOf(trialId, 0, 100, 3), worker.id);
    await shardDone(shard.id);
    return shard.id;
  };

  const before = await log();
  expect(before.entries.map(({ kind }) => kind)).toEqual(['queued']);
  expect(before.stages).toMatchObject([{ stage: 'headline', planned: 1, landed: 0 }, { stage: 'perturbations', planned: 2, landed: 0 }]);
  expect(before.stages.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);

  const failed = await run('fog/1', false);
  expect((await log()).running).toMatchObject([{ trial: { perturbation: 'fog', severity: 1 }, worker: 'lab-7' }]);
  await platformFailed(failed);
  await shardWaits(failed);
  await run('mixed');
  await run('fog/1');
  const half = await log();
  expect(half.entries.find(({ kind }) => kind === 'trouble')).toMatchObject({ platformFailures: 1, resolved: true, trial: { severity: 1 } });
  expect(half.entries.filter(({ kind }) => kind === 'landed')).toMatchObject([
    { stage: 'headline', accuracy: 0.1 }, { stage: 'perturbations', landed: 1, planned: 2 },
  ]);
  expect(half.entries.find(({ kind }) => kind === 'began')).toMatchObject({ worker: 'lab-7', engine: 'test-engine 1', device: 'cpu' });
  expect(half.left!.low).toBeLessThan(60);
  expect(half.left!.high).toBeGreaterThan(60);

  await run('fog/2');
  const whole = await log();
  expect(whole.entries.at(-1)).toMatchObject({ kind: 'ended', status: 'finished' });
  expect(whole).toMatchObject({ left: null, running: [], finishedAt: expect.any(String) });
  expect(whole.stages.every(({ share }) => share === 1)).toBe(true);
  expect(whole.entries.map(({ at }) => at)).toEqual(whole.entries.map(({ at }) => at).toSorted());
  expect(evaluationId).toBeTruthy();
});

describe('the range of what is left', () => {
  const width = (ratios: number[], shardsLeft: number) => {
    const { low, high } = rangeLeft(100, { ratios, shardsLeft })!;
    return high / low;
  };
  test('holds the middle estimate, and narrows with what has been seen', () => {
    const { low, high } = rangeLeft(100, { ratios: [], shardsLeft: 10 })!;
    expect([low < 100, high > 100]).toEqual([true, true]);
    expect(width([1, 1.1, 0.9, 1, 1.05, 1, 0.95, 1], 10)).toBeLessThan(width([1, 1.1], 10));
    expect(width([1, 3, 0.4, 2, 0.5, 1, 4, 1], 10)).toBeGreaterThan(width([1, 1.1, 0.9, 1, 1.05, 1, 0.95, 1], 10));
  });
  test('begins no earlier than the evaluation', () => {
    expect(rangeLeft(100, { ratios: [], shardsLeft: 10 }, 90)!.low).toBe(90);
    expect(rangeLeft(100, { ratios: [], shardsLeft: 10 }, 900)).toEqual({ low: 900, high: 900 });
  });
  test('is none without an estimate', () => expect(rangeLeft(null, { ratios: [1], shardsLeft: 1 })).toBeNull());
});

test('a protocol’s hash is of what it says, not of how it is stored', () => {
  const turned = JSON.parse(JSON.stringify(protocols.quick, Object.keys(JSON.parse(JSON.stringify(protocols.quick))).reverse().concat(allKeys(protocols.quick))));
  expect(protocolFacts(turned)).toEqual(protocolFacts(protocols.quick));
  expect(protocolFacts(protocols.quick).builtIn).toBe(true);
  const other = { ...protocols.quick, trials: protocols.quick.trials.slice(1) };
  expect(protocolFacts(other).builtIn).toBe(false);
  expect(protocolFacts(other).sha256).not.toBe(protocolFacts(protocols.quick).sha256);
});

/** Every key within, last first. */
function allKeys(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => [key, ...allKeys(each)]).toReversed();
}
