// Reading submissions: one, lists of a person's or a challenge's, and the files as they were uploaded.
import { and, eq, sql } from 'drizzle-orm';
import { streamArtifact } from '../artifacts/read.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import {
  challenges, evaluations, phases, submissions, teams, users, type EvaluationStatus, type EvaluationTier, type Failure, type StoredFile,
} from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { idOf, mayRead } from './access.ts';

export type PhaseKind = 'public' | 'final';
export type { EvaluationStatus };

/** A submission with the state of its evaluation in one phase. Times are ISO 8601. */
export type Submission = {
  id: string;
  challenge: { id: string; slug: string; title: string };
  userId: string;
  userName: string;
  /** The team whose quota it used; null for a student alone. */
  team: { id: string; name: string } | null;
  name: string;
  /** Its student's own words on it. */
  comment: string | null;
  files: StoredFile[];
  /** SHA-256 of the canonical model's artifact: what runs. */
  modelSha256: string;
  /** When its files and its model were deleted, ISO 8601; null while they are there. */
  filesDeletedAt: string | null;
  report: Report;
  /** The TTA policy whose results make the ranked columns; null for the bare model. */
  declaredTta: string | null;
  baseline: boolean;
  /** Whether it came after the deadline that held for its student. */
  late: boolean;
  /** Out of every ranking, and why; null otherwise. */
  disqualified: { reason: string } | null;
  createdAt: string;
  /** When its upload began: what deadlines are held against. */
  requestedAt: string;
  /** When it was last chosen as the one that counts; null when it never was. */
  chosenAt: string | null;
  /** The phases it has been entered into, the public one first. */
  phases: PhaseKind[];
  evaluation: {
    id: string;
    phase: PhaseKind;
    /** `headline` as long as only clean and mixed are run. */
    tier: EvaluationTier;
    status: EvaluationStatus;
    failure: Failure | null;
    score: Score | null;
    finishedAt: string | null;
  };
};

/** Submissions with their current evaluation in a phase, for the verbs of this folder to narrow. */
export function selectSubmissions(kind: PhaseKind) {
  const entered = sql<PhaseKind[]>`(select array_agg(p.kind order by p.kind)::text[]
    from ${evaluations} e join ${phases} p on p.id = e.phase_id where e.submission_id = ${submissions.id} and e.current)`;
  return database()
    .select({
      submission: submissions, evaluation: evaluations, slug: challenges.slug, title: challenges.title, userName: users.name,
      teamName: teams.name, phase: phases.kind, entered,
    })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(teams, eq(teams.id, submissions.teamId))
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, kind)));
}

type Row = Awaited<ReturnType<typeof selectSubmissions>>[number];

export function submissionOf({ submission, evaluation, slug, title, userName, teamName, phase, entered }: Row): Submission {
  const { id, challengeId, userId, teamId, name, comment, files, modelSha256, declaredTta, baseline, late, disqualifiedReason } = submission;
  const { status, tier, failure, score, finishedAt } = evaluation;
  return {
    id, userId, userName, name, comment, files, modelSha256, declaredTta, baseline, late,
    filesDeletedAt: submission.filesDeletedAt?.toISOString() ?? null,
    challenge: { id: challengeId, slug, title },
    team: teamId && teamName !== null ? { id: teamId, name: teamName } : null,
    report: submission.report as Report,
    createdAt: submission.createdAt.toISOString(),
    requestedAt: submission.requestedAt.toISOString(),
    chosenAt: submission.chosenAt?.toISOString() ?? null,
    disqualified: disqualifiedReason === null ? null : { reason: disqualifiedReason },
    phases: entered,
    evaluation: { id: evaluation.id, phase, tier, status, failure, score: currentScore(score), finishedAt: finishedAt?.toISOString() ?? null },
  };
}

/** A submission of the viewer's own, a baseline, or any to an instructor. Throws RequestError 404 otherwise, and outside the phase. */
export async function getSubmission(viewer: Viewer | null, submissionId: string, phase: PhaseKind = 'public'): Promise<Submission> {
  const id = idOf(submissionId, 'submission');
  const [row] = await selectSubmissions(phase).where(eq(submissions.id, id));
  await mayRead(viewer, row?.submission, 'submission');
  return submissionOf(row);
}

/** One uploaded file of a submission, as it came. Its owner's alone: not even an instructor needs it to grade. */
export async function openFile(
  viewer: Viewer | null, submissionId: string, fileName: string,
): Promise<StoredFile & { content: AsyncIterable<Uint8Array> }> {
  const submission = await getSubmission(viewer, submissionId);
  const file = viewer?.id === submission.userId && submission.files.find((one) => one.name === fileName);
  if (submission.filesDeletedAt) throw new RequestError(404, 'The files of this submission have been deleted: its challenge keeps them no longer.');
  if (!file) throw new RequestError(404, `This submission has no file "${fileName.slice(0, 100)}" that you may download.`);
  return { ...file, content: streamArtifact(file.sha256) };
}
