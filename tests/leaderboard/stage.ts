// Evaluated submissions for tests of the board: a tiny protocol, and outcomes given image by image.
import { eq, sql } from 'drizzle-orm';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { cells, evaluations, shards, submissions, type Failure } from '../../lib/db/schema.ts';
import type { Cell } from '../../lib/evaluation/cell.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { score } from '../../lib/evaluation/score.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import type { Entered } from '../../lib/submissions/enter.ts';
import { submit, endShards } from '../evaluations/stage.ts';

export const images = 400;
export const protocol = parseProtocol({
  name: 'tiny',
  images: { split: 'test', size: images },
  trials: [{ kind: 'mixed' }, { kind: 'clean' }, { kind: 'mixed', tta: { policy: 'shift' } }],
});

/** Images [0, right) are right, the others wrong. */
const firstOnes = (right: number) => (i: number) => i < right;

type Outcome = number | ((image: number) => boolean);
type Options = {
  name?: string;
  baseline?: boolean;
  failure?: Failure;
  /** The challenge's, where it is not `protocol`. */
  protocol?: Protocol;
  declaredTta?: string;
  /** Name of the uploaded file. */
  file?: string;
  /** Operators of the report that keep attacks from being run. */
  withoutGradient?: string[];
};

/**
 * A submission with the cells whose outcomes are given: a number of right images, or which ones. Without all three the
 * evaluation is running, and the shards of the missing cells wait.
 */
export async function evaluated(
  viewer: Viewer,
  challengeId: string,
  outcomes: Record<string, Outcome>,
  options: Options = {},
): Promise<Entered> {
  const entered = await submit(viewer, challengeId);
  const { evaluationId, submissionId } = entered;
  const rows = Object.entries(outcomes).map(([trialId, outcome]) =>
    cellOf(trialId, typeof outcome === 'number' ? firstOnes(outcome) : outcome),
  );
  if (rows.length > 0)
    await database()
      .insert(cells)
      .values(rows.map((row) => ({ ...row, evaluationId })));
  for (const { trialId } of rows) {
    const own = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
    for (const shard of own.filter((one) => one.trialId === trialId))
      await database().update(shards).set({ status: 'done', finishedAt: new Date() }).where(eq(shards.id, shard.id));
  }
  const { protocol: asked = protocol, declaredTta = null, withoutGradient = [] } = options;
  const finished = rows.length === asked.trials.length;
  const status = options.failure ? 'failed' : finished ? 'finished' : 'running';
  const report = { operatorsWithoutGradient: withoutGradient };
  const found = score(asked, new Map(rows.map((row) => [row.trialId, row])), { report, declaredTta });
  if (status !== 'running') await endShards(evaluationId, finished && !options.failure);
  const times = status === 'running' ? { startedAt: new Date() } : { finishedAt: new Date() };
  await database()
    .update(evaluations)
    .set({ score: found, status, failure: options.failure ?? null, ...times })
    .where(eq(evaluations.id, evaluationId));
  await database()
    .update(submissions)
    .set({
      name: options.name ?? 'a model',
      baseline: options.baseline ?? false,
      declaredTta,
      report: sql`${submissions.report} || ${JSON.stringify(report)}::jsonb`,
      ...(options.file && { files: [{ name: options.file, sha256: 'none', bytes: 1 }] }),
    })
    .where(eq(submissions.id, submissionId));
  return entered;
}

export function cellOf(trialId: string, right: (image: number) => boolean): Cell {
  const correctBits = new Uint8Array(images / 8);
  let correct = 0;
  for (let i = 0; i < images; i++) {
    if (!right(i)) continue;
    correctBits[i >> 3] |= 1 << (i & 7);
    correct++;
  }
  const rest = { predictions: new Uint8Array(images), confusion: new Array<number>(100).fill(0), seconds: 1, diagnostics: {} };
  return { trialId, correctBits, correct, total: images, engine: 'test', device: 'cpu', ...rest };
}
