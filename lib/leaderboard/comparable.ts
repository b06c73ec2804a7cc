// What somebody can lay beside each other in a challenge: their own submissions and the baselines.
import { and, desc, eq, ne } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { evaluations, submissions } from '../db/schema.ts';
import { ownOf } from '../submissions/list.ts';
import { selectSubmissions, submissionOf, type PhaseKind, type Submission } from '../submissions/read.ts';

export type Comparable = { own: Submission[]; baselines: Submission[] };

/** The newest of one's own; more are found over the list of submissions. */
const mostOwn = 60;

/** The viewer's own and their team's, newest first, and the baselines, best first; cancelled ones left out. Throws as `admitted`. */
export async function comparableOf(viewer: Viewer | null, slug: string, phase: PhaseKind = 'public'): Promise<Comparable> {
  const { challenge } = await admitted(viewer, slug);
  const here = and(eq(submissions.challengeId, challenge.id), ne(evaluations.status, 'cancelled'));
  const [own, baselines] = await Promise.all([
    viewer ? selectSubmissions(phase).where(and(here, ownOf(viewer))).orderBy(desc(submissions.createdAt)).limit(mostOwn) : [],
    selectSubmissions(phase).where(and(here, eq(submissions.baseline, true))),
  ]);
  const value = ({ evaluation: { score } }: Submission) => score?.[challenge.primaryMetric]?.value ?? -1;
  return { own: own.map(submissionOf), baselines: baselines.map(submissionOf).sort((a, b) => value(b) - value(a)) };
}
