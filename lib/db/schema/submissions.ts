// What students hand in, and its evaluations.
import { sql } from 'drizzle-orm';
import { boolean, check, doublePrecision, index, jsonb, pgEnum, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { SubmissionProblem } from '../../errors.ts';
import type { CorruptionError } from '../../evaluation/corruption.ts';
import type { Metric, Score } from '../../evaluation/score.ts';
import { artifacts, type StoredFile } from './artifacts.ts';
import { challenges, phases, teams } from './challenges.ts';
import { createdAt, id, moment } from './columns.ts';
import { users } from './people.ts';

export const evaluationStatus = pgEnum('evaluation_status', ['queued', 'running', 'finished', 'failed', 'cancelled']);
export type EvaluationStatus = (typeof evaluationStatus.enumValues)[number];
/** How much of the protocol an evaluation runs: clean and mixed alone, or all of it. */
export const evaluationTier = pgEnum('evaluation_tier', ['headline', 'full']);
export type EvaluationTier = (typeof evaluationTier.enumValues)[number];
export const reevaluationStatus = pgEnum('reevaluation_status', ['running', 'applied', 'cancelled']);

export const drafts = pgTable(
  'drafts',
  {
    id: id(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    files: jsonb('files').$type<StoredFile[]>().notNull(),
    /** The canonical model's artifact; null when the upload was refused. */
    modelSha256: text('model_sha256').references(() => artifacts.sha256),
    /** A Report of lib/evaluation/report.ts. */
    report: jsonb('report'),
    problem: jsonb('problem').$type<SubmissionProblem>(),
    /** When the upload's first byte arrived: what was begun before a deadline counts as before it. */
    begunAt: moment('begun_at').notNull().defaultNow(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [
    index('drafts_by_expiry').on(t.expiresAt),
    check('drafts_report_or_problem', sql`(${t.modelSha256} is null) = (${t.problem} is not null)`),
  ],
);

export const submissions = pgTable(
  'submissions',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    /** The team whose quota it used; null for a student alone. */
    teamId: uuid('team_id').references(() => teams.id, { onDelete: 'set null' }),
    name: text('name').notNull(),
    /** Its student's own words on it, for themselves, their team and the staff. */
    comment: text('comment'),
    files: jsonb('files').$type<StoredFile[]>().notNull(),
    modelSha256: text('model_sha256').notNull(),
    /** When its files and its model were deleted, because the challenge was archived long enough ago; their names and hashes stay. */
    filesDeletedAt: moment('files_deleted_at'),
    /** The model while it is stored, so that until then nothing can take it away. */
    storedModel: text('stored_model')
      .generatedAlwaysAs(sql`case when files_deleted_at is null then model_sha256 end`)
      .references(() => artifacts.sha256),
    report: jsonb('report').notNull(),
    baseline: boolean('baseline').notNull().default(false),
    /** Label of the TTA policy (trial-id.ts) whose cells make its ranked columns; null for the bare model. */
    declaredTta: text('declared_tta'),
    /** The draft it was confirmed from, so that confirming twice finds it again. The draft itself is gone. */
    draftId: uuid('draft_id').unique(),
    /** When its upload began: what deadlines are held against. */
    requestedAt: moment('requested_at').notNull().defaultNow(),
    /** Whether that was after the deadline that held for its student. */
    late: boolean('late').notNull().default(false),
    /** When its student chose it as the one that counts; the newest choice holds. */
    chosenAt: moment('chosen_at'),
    /** Out of every ranking since then; the reason is shown to its student. */
    disqualifiedAt: moment('disqualified_at'),
    disqualifiedReason: text('disqualified_reason'),
    createdAt: createdAt(),
  },
  (t) => [
    index('submissions_by_user').on(t.userId, t.createdAt),
    index('submissions_by_challenge').on(t.challengeId, t.createdAt),
    check('submissions_name_length', sql`length(${t.name}) between 1 and 100`),
    check('submissions_comment_length', sql`length(${t.comment}) between 1 and 1000`),
    check('submissions_disqualified_has_reason', sql`(${t.disqualifiedAt} is null) = (${t.disqualifiedReason} is null)`),
  ],
);

/** Evaluations run again, beside the old ones, until an instructor applies or cancels them. */
export const reevaluations = pgTable(
  'reevaluations',
  {
    id: id(),
    phaseId: uuid('phase_id').notNull().references(() => phases.id),
    /** Shown to students whose evaluations are run again. */
    reason: text('reason').notNull(),
    /** The Protocol they are run under. */
    protocol: jsonb('protocol').notNull(),
    /** Whether its attacks leave the phase's numerics class for another, which then becomes the phase's. */
    newClass: boolean('new_class').notNull().default(false),
    /** That other class, fixed by the first worker that takes one of its attacks. */
    numericsClass: text('numerics_class'),
    /** A BoardChange of lib/leaderboard/board-change.ts: the board as it is and as applying would make it. Written by the ranking alone. */
    comparison: jsonb('comparison'),
    status: reevaluationStatus('status').notNull().default('running'),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    decidedAt: moment('decided_at'),
  },
  (t) => [check('reevaluations_decided', sql`(${t.status} = 'running') = (${t.decidedAt} is null)`)],
);

export type Failure =
  | { blame: 'student'; problem: SubmissionProblem }
  | { blame: 'platform'; message: string };

/** Corruption errors, and the reference's evaluation they are measured against. */
export type StoredCorruption = CorruptionError & { reference: string };

/** A column's value as far as it is ranked by, kept beside the score, so that choosing what counts unpacks no score. */
const ranked = (name: string, metric: Metric) =>
  doublePrecision(name).generatedAlwaysAs(
    sql.raw(`case when score -> 'notRanked' ->> '${metric}' is null then (score -> '${metric}' ->> 'value')::float8 end`),
  );

export const evaluations = pgTable(
  'evaluations',
  {
    id: id(),
    submissionId: uuid('submission_id').notNull().references(() => submissions.id, { onDelete: 'cascade' }),
    phaseId: uuid('phase_id').notNull().references(() => phases.id),
    /** What it runs: the challenge's protocol, or of the headline tier its clean and mixed trials. */
    protocol: jsonb('protocol').notNull(),
    tier: evaluationTier('tier').notNull().default('full'),
    /** The one that is shown and ranked. One that is run again stands beside it until it is applied. */
    current: boolean('current').notNull().default(true),
    reevaluationId: uuid('reevaluation_id').references(() => reevaluations.id),
    status: evaluationStatus('status').notNull().default('queued'),
    failure: jsonb('failure').$type<Failure>(),
    /** A Score of lib/evaluation/score.ts over the cells landed so far. */
    score: jsonb('score').$type<Score>(),
    rankedMixed: ranked('ranked_mixed', 'mixed'),
    rankedMeanPerturbation: ranked('ranked_mean_perturbation', 'meanPerturbation'),
    rankedRobust: ranked('ranked_robust', 'robust'),
    rankedClean: ranked('ranked_clean', 'clean'),
    /** Against the phase's reference CNN, once both have landed; written by the ranking alone. */
    corruption: jsonb('corruption').$type<StoredCorruption>(),
    /** What the preflight saw, one paragraph each, shown beside the score. */
    notes: jsonb('notes').$type<string[]>().notNull().default([]),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    uniqueIndex('evaluations_one_current').on(t.submissionId, t.phaseId).where(sql`${t.current}`),
    unique('evaluations_once_a_reevaluation').on(t.reevaluationId, t.submissionId),
    index('evaluations_by_phase').on(t.phaseId),
    // Counted on the desk: without it, every score of the phase would be unpacked.
    index('evaluations_flagged').on(t.phaseId).where(sql`${t.current} and jsonb_array_length(${t.score} -> 'flags') > 0`),
    check('evaluations_failed_has_reason', sql`(${t.status} = 'failed') = (${t.failure} is not null)`),
    check(
      'evaluations_failure_is_whole',
      sql`case ${t.failure} ->> 'blame' when 'student' then ${t.failure} ? 'problem' when 'platform' then ${t.failure} ? 'message' else ${t.failure} is null end`,
    ),
    check('evaluations_begun', sql`case ${t.status} when 'queued' then ${t.startedAt} is null when 'running' then ${t.startedAt} is not null else true end`),
    check('evaluations_ended', sql`(${t.status} in ('finished', 'failed', 'cancelled')) = (${t.finishedAt} is not null)`),
    check('evaluations_ended_after_begun', sql`${t.finishedAt} >= ${t.startedAt}`),
    // By triggers: it is of its submission's challenge (evaluations_phase), and when it ends, so do its shards, and of one that is
    // finished every trial has its whole cell and no part is left (evaluations_whole).
    check('evaluations_finished_has_score', sql`${t.status} <> 'finished' or (${t.score} is not null and ${t.finishedAt} is not null)`),
  ],
);

