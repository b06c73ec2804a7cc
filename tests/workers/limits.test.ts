// Each limit that a child can meet is named as what it is, with what it allows and what was found, and ends the child.
import { expect, test } from 'vitest';
import { deed, host } from './deeds.ts';
import { alive } from './processes.ts';

/** Words that failures, logs and shards know a limit by, and what a student reads. */
test.each([
  ['is silent', 'silence', { silenceSeconds: 1 }, /^time without an answer: 1 s allowed, nothing heard/],
  ['spins', 'silence', { silenceSeconds: 1 }, /^time without an answer: 1 s allowed/],
  ['spins and says that it lives', 'processor-time', { shardProcessorSeconds: 1 }, /^processor time of one shard: 1 s allowed, \d+\.\d s used\.$/],
  ['lets others spin', 'processor-time', { shardProcessorSeconds: 2 }, /^processor time of one shard: 2 s allowed/],
  ['chatters for ever', 'wall-time', { shardWallSeconds: 1 }, /^time of one shard: 1 s allowed, not yet done/],
  ['answers for ever', 'answers', { answerMegabytes: 1 }, /^answers for one shard: 1 MB allowed, \d+ bytes said\.$/],
  ['announces a huge message', 'answers', {}, /^answers for one shard: 16 MB allowed, one message of 2147483647 bytes announced\.$/],
  ['eats memory outside the heap', 'memory', {}, /^memory: 2048 MB allowed, more asked for beside \d+ MB resident/],
  ['eats memory outside the heap', 'memory', { childMegabytes: 700 }, /^memory: 700 MB allowed, \d+ MB used\.$/],
  ['eats the heap', 'memory', {}, /^memory: 2048 MB allowed/],
  ['forks for ever', 'processes', {}, /^processes and threads: 64 allowed/],
  ['writes a file', 'file-size', {}, /^size of files written: 0 bytes allowed/],
  ['opens files', 'open-files', {}, /^open files: 256 allowed/],
] as const)('a child that %s meets the limit on %s (%j)', { timeout: 60_000 }, async (what, because, bounds, words) => {
  const { failure, child } = await deed(what, bounds);
  expect([failure.because, failure.message]).toEqual([because, expect.stringMatching(words)]);
  if (host.onLinux) await expect.poll(() => alive(child.pid!), { timeout: 10_000 }).toBe(false);
});
