// Which shards share a job, and with it a child.
import { expect, test } from 'vitest';
import { limits } from '../../lib/limits.ts';
import { jobOf, shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { jobsOf } from '../../lib/submissions/shard-jobs.ts';

const shard = (priority: number, seconds: number, attack = false) => ({ priority, attack, estimatedSeconds: seconds * limits.jobSeconds });

test('short neighbours share a job until it would take longer than a child of their own', () => {
  expect(jobsOf([shard(0, 0.4), shard(0, 0.5), shard(0, 0.2), shard(0, 0.7), shard(0, 3), shard(0, 0.1)])).toEqual([[0, 1], [2, 3], [4], [5]]);
  expect(jobsOf([])).toEqual([]);
});

test('no shard is done before its turn, and an attack, which may be another worker’s, is a job of its own', () => {
  expect(jobsOf([shard(0, 0.1), shard(0, 0.1), shard(1000, 0.1), shard(1000, 0.1)])).toEqual([[0, 1], [2, 3]]);
  expect(jobsOf([shard(0, 0.1), shard(0, 0.1, true), shard(0, 0.1), shard(0, 0.1)])).toEqual([[0], [1], [2, 3]]);
});

test('a job says which shards it has, as those did that were queued before there could be several', () => {
  const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'].map((shardId) => ({ shardId, keys: [] }));
  expect(shardsIn(shardJobSchema.parse(jobOf([one, two])))).toEqual([one, two]);
  expect(shardsIn(shardJobSchema.parse(one))).toEqual([one]);
  expect(jobOf([one])).toEqual(one);
});
