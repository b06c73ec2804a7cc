// Reading submissions: one, a person's, all of a challenge (instructors), and the files as they were uploaded.
import { and, desc, eq, sql } from 'drizzle-orm';
import { streamArtifact } from '../artifacts/read.ts';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges, evaluations, phases, submissions, users, type EvaluationStatus, type Failure, type StoredFile } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { idOf, mayRead, signedIn } from './access.ts';

export type PhaseKind = 'public' | 'final';

/** A submission with the state of its evaluation in one phase. Times are ISO 8601. */
export type Submission = {
  id: string;
  challenge: { slug: string; title: string };
  userId: string;
  userName: string;
  name: string;
  files: StoredFile[];
  /** SHA-256 of the canonical model's artifact: what runs. */
  modelSha256: string;
  report: Report;
  /** The TTA policy whose results make the ranked columns; null for the bare model. */
  declaredTta: string | null;
  baseline: boolean;
  /** Whether it came after the deadline that held for its student. */
  late: boolean;
  /** Out of every ranking, and why; null otherwise. */
  disqualified: { reason: string } | null;
  createdAt: string;
  /** The phases it has been entered into, the public one first. */
  phases: PhaseKind[];
  evaluation: {
    id: string;
    phase: PhaseKind;
    status: EvaluationStatus;
    failure: Failure | null;
    score: Score | null;
    finishedAt: string | null;
  };
};

function select(kind: PhaseKind) {
  const entered = sql<PhaseKind[]>`(select array_agg(p.kind order by p.kind)::text[]
    from ${evaluations} e join ${phases} p on p.id = e.phase_id where e.submission_id = ${submissions.id} and e.current)`;
  return database()
    .select({
      submission: submissions, evaluation: evaluations, slug: challenges.slug, title: challenges.title, userName: users.name,
      phase: phases.kind, entered,
    })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, kind)));
}

type Row = Awaited<ReturnType<typeof select>>[number];

function submissionOf({ submission, evaluation, slug, title, userName, phase, entered }: Row): Submission {
  const { id, userId, name, files, modelSha256, declaredTta, baseline, late, disqualifiedReason } = submission;
  const { status, failure, score, finishedAt } = evaluation;
  return {
    id, userId, userName, name, files, modelSha256, declaredTta, baseline, late,
    disqualified: disqualifiedReason === null ? null : { reason: disqualifiedReason },
    challenge: { slug, title },
    report: submission.report as Report,
    createdAt: submission.createdAt.toISOString(),
    phases: entered,
    evaluation: { id: evaluation.id, phase, status, failure, score: currentScore(score), finishedAt: finishedAt?.toISOString() ?? null },
  };
}

/** A submission of the viewer's own, a baseline, or any to an instructor. Throws RequestError 404 otherwise, and outside the phase. */
export async function getSubmission(viewer: Viewer | null, submissionId: string, phase: PhaseKind = 'public'): Promise<Submission> {
  const id = idOf(submissionId, 'submission');
  const [row] = await select(phase).where(eq(submissions.id, id));
  await mayRead(viewer, row?.submission, 'submission');
  return submissionOf(row);
}

/**
 * The viewer's submissions to a challenge, the newest first; of everybody for staff that asks for all.
 * Throws RequestError 401, 403 and 404 (challenge).
 */
export async function listSubmissions(viewer: Viewer | null, challengeSlug: string, { all = false } = {}): Promise<Submission[]> {
  const { id } = signedIn(viewer);
  await admitted(viewer, challengeSlug, all ? 'assistant' : 'visitor');
  const whose = all ? undefined : eq(submissions.userId, id);
  const rows = await select('public').where(and(eq(challenges.slug, challengeSlug), whose)).orderBy(desc(submissions.createdAt));
  return rows.map(submissionOf);
}

/** One uploaded file of a submission, as it came. Its owner's alone: not even an instructor needs it to grade. */
export async function openFile(
  viewer: Viewer | null, submissionId: string, fileName: string,
): Promise<StoredFile & { content: AsyncIterable<Uint8Array> }> {
  const submission = await getSubmission(viewer, submissionId);
  const file = viewer?.id === submission.userId && submission.files.find((one) => one.name === fileName);
  if (!file) throw new RequestError(404, `This submission has no file "${fileName.slice(0, 100)}" that you may download.`);
  return { ...file, content: streamArtifact(file.sha256) };
}
