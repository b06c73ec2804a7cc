// The tables, their constraints and nothing else. Migrations under drizzle/ are generated from this file.
import { sql } from 'drizzle-orm';
import {
  bigint, boolean, check, customType, doublePrecision, index, integer, jsonb, pgEnum, pgTable, primaryKey, smallint, text, timestamp,
  unique, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core';
import type { SubmissionProblem } from '../errors.ts';
import type { Diagnostics } from '../evaluation/cell.ts';
import type { CorruptionError } from '../evaluation/corruption.ts';
import type { Score } from '../evaluation/score.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const createdAt = () => moment('created_at').notNull().defaultNow();
const id = () => uuid('id').primaryKey().defaultRandom();

export const role = pgEnum('role', ['student', 'instructor', 'administrator']);
export const phaseKind = pgEnum('phase_kind', ['public', 'final']);
export const evaluationStatus = pgEnum('evaluation_status', ['queued', 'running', 'finished', 'failed']);
export const shardStatus = pgEnum('shard_status', ['queued', 'running', 'done', 'failed']);

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash'),
    role: role('role').notNull().default('student'),
    /** Carried in every session token; changing it signs the user out everywhere. */
    sessionId: uuid('session_id').notNull().defaultRandom(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('users_email_unique').on(sql`lower(${t.email})`), check('users_name_not_empty', sql`length(trim(${t.name})) > 0`)],
);

export const apiTokens = pgTable('api_tokens', {
  id: id(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  /** SHA-256 of the token, hex; the token itself is shown once and never stored. */
  tokenHash: text('token_hash').notNull().unique(),
  createdAt: createdAt(),
  lastUsedAt: moment('last_used_at'),
  expiresAt: moment('expires_at'),
});

export const challenges = pgTable(
  'challenges',
  {
    id: id(),
    slug: text('slug').notNull().unique(),
    title: text('title').notNull(),
    description: text('description').notNull().default(''),
    /** A Protocol of lib/evaluation/trial.ts, frozen. */
    protocol: jsonb('protocol').notNull(),
    primaryMetric: text('primary_metric').notNull().default('mixed'),
    opensAt: moment('opens_at').notNull().defaultNow(),
    closesAt: moment('closes_at'),
    createdAt: createdAt(),
  },
  (t) => [check('challenges_slug_format', sql`${t.slug} ~ '^[a-z0-9-]{1,64}$'`)],
);

export const phases = pgTable(
  'phases',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    kind: phaseKind('kind').notNull(),
    /** 32 random bytes; never leaves the database before the phase is revealed. */
    seed: bytea('seed').notNull(),
    /** SHA-256('gauntlet-commit|' + seed), hex; public from the start. */
    seedCommitment: text('seed_commitment').notNull(),
    revealedAt: moment('revealed_at'),
    /** Engine with version and device that run the attacks of this phase (spec 2.5); fixed by the first worker that takes one. */
    numericsClass: text('numerics_class'),
  },
  (t) => [unique('phases_one_of_a_kind').on(t.challengeId, t.kind), check('phases_seed_length', sql`octet_length(${t.seed}) = 32`)],
);

export const artifacts = pgTable('artifacts', {
  /** SHA-256 of the content, hex. */
  sha256: text('sha256').primaryKey(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
  /** Last time an upload turned out to be this content; one nothing refers to is deleted a draft's lifetime later. */
  usedAt: moment('used_at').notNull().defaultNow(),
});

export const artifactChunks = pgTable(
  'artifact_chunks',
  {
    sha256: text('sha256').notNull().references(() => artifacts.sha256, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    content: bytea('content').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sha256, t.position] })],
);

export type StoredFile = { name: string; sha256: string; bytes: number };

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
    name: text('name').notNull(),
    files: jsonb('files').$type<StoredFile[]>().notNull(),
    modelSha256: text('model_sha256').notNull().references(() => artifacts.sha256),
    report: jsonb('report').notNull(),
    baseline: boolean('baseline').notNull().default(false),
    /** Label of the TTA policy (trial-id.ts) whose cells make its ranked columns; null for the bare model. */
    declaredTta: text('declared_tta'),
    /** The draft it was confirmed from, so that confirming twice finds it again. The draft itself is gone. */
    draftId: uuid('draft_id').unique(),
    createdAt: createdAt(),
  },
  (t) => [
    index('submissions_by_user').on(t.userId, t.createdAt),
    index('submissions_by_challenge').on(t.challengeId, t.createdAt),
    check('submissions_name_length', sql`length(${t.name}) between 1 and 100`),
  ],
);

export type Failure =
  | { blame: 'student'; problem: SubmissionProblem }
  | { blame: 'platform'; message: string };

/** Corruption errors, and the reference's evaluation they are measured against. */
export type StoredCorruption = CorruptionError & { reference: string };

export const evaluations = pgTable(
  'evaluations',
  {
    id: id(),
    submissionId: uuid('submission_id').notNull().references(() => submissions.id, { onDelete: 'cascade' }),
    phaseId: uuid('phase_id').notNull().references(() => phases.id),
    protocol: jsonb('protocol').notNull(),
    status: evaluationStatus('status').notNull().default('queued'),
    failure: jsonb('failure').$type<Failure>(),
    /** A Score of lib/evaluation/score.ts over the cells landed so far. */
    score: jsonb('score').$type<Score>(),
    /** Against the phase's reference CNN, once both have landed; written by the ranking alone. */
    corruption: jsonb('corruption').$type<StoredCorruption>(),
    /** What the preflight saw, one paragraph each, shown beside the score. */
    notes: jsonb('notes').$type<string[]>().notNull().default([]),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    unique('evaluations_once_a_phase').on(t.submissionId, t.phaseId),
    check('evaluations_failed_has_reason', sql`(${t.status} = 'failed') = (${t.failure} is not null)`),
    check('evaluations_finished_has_score', sql`${t.status} <> 'finished' or (${t.score} is not null and ${t.finishedAt} is not null)`),
  ],
);

export const shards = pgTable(
  'shards',
  {
    id: id(),
    evaluationId: uuid('evaluation_id').notNull().references(() => evaluations.id, { onDelete: 'cascade' }),
    trialId: text('trial_id').notNull(),
    firstImage: integer('first_image').notNull(),
    endImage: integer('end_image').notNull(),
    /** Clean and mixed: run before any other work. */
    headline: boolean('headline').notNull(),
    /** Of an attack trial, which only workers of the phase's numerics class run. */
    attack: boolean('attack').notNull().default(false),
    estimatedSeconds: doublePrecision('estimated_seconds').notNull(),
    /** Of its queue job; lower runs first, and within one priority the older submission, then the lower ordinal. */
    priority: smallint('priority').notNull(),
    /** Place among the shards of its evaluation, most wanted first. */
    ordinal: integer('ordinal').notNull(),
    queuedAt: moment('queued_at').notNull().defaultNow(),
    status: shardStatus('status').notNull().default('queued'),
    workerId: uuid('worker_id'),
    /** Named limits met on this shard, one entry per child it killed. */
    limitsMet: jsonb('limits_met').$type<string[]>().notNull().default([]),
    /** Times it failed for a reason of ours. A dead worker is none. */
    platformFailures: smallint('platform_failures').notNull().default(0),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    unique('shards_once').on(t.evaluationId, t.trialId, t.firstImage),
    check('shards_range', sql`${t.firstImage} >= 0 and ${t.endImage} > ${t.firstImage}`),
    index('shards_unfinished').on(t.status, t.priority).where(sql`${t.status} in ('queued', 'running')`),
    index('shards_by_finish').on(t.finishedAt),
  ],
);

const outcome = {
  evaluationId: uuid('evaluation_id').notNull().references(() => evaluations.id, { onDelete: 'cascade' }),
  trialId: text('trial_id').notNull(),
  correctBits: bytea('correct_bits').notNull(),
  predictions: bytea('predictions').notNull(),
  confusion: jsonb('confusion').$type<number[]>().notNull(),
  seconds: doublePrecision('seconds').notNull(),
  engine: text('engine').notNull(),
  device: text('device').notNull(),
  diagnostics: jsonb('diagnostics').$type<Diagnostics>().notNull(),
  createdAt: createdAt(),
};

export const parts = pgTable(
  'parts',
  { ...outcome, firstImage: integer('first_image').notNull(), endImage: integer('end_image').notNull(), workerId: uuid('worker_id') },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.trialId, t.firstImage] }),
    check('parts_range', sql`${t.firstImage} >= 0 and ${t.endImage} > ${t.firstImage}`),
    check('parts_predictions_length', sql`octet_length(${t.predictions}) = ${t.endImage} - ${t.firstImage}`),
    check('parts_bits_length', sql`octet_length(${t.correctBits}) = (${t.endImage} - ${t.firstImage} + 7) / 8`),
  ],
);

export const cells = pgTable(
  'cells',
  { ...outcome, total: integer('total').notNull(), correct: integer('correct').notNull() },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.trialId] }),
    check('cells_counts', sql`${t.correct} between 0 and ${t.total}`),
    check('cells_predictions_length', sql`octet_length(${t.predictions}) = ${t.total}`),
    check('cells_bits_match', sql`octet_length(${t.correctBits}) = (${t.total} + 7) / 8 and bit_count(${t.correctBits}) = ${t.correct}`),
  ],
);

/** Ranks of a phase, rewritten when cells land; a page only reads them. */
export const ranks = pgTable(
  'ranks',
  {
    phaseId: uuid('phase_id').notNull().references(() => phases.id, { onDelete: 'cascade' }),
    submissionId: uuid('submission_id').notNull().references(() => submissions.id, { onDelete: 'cascade' }),
    /** Order on the board by point estimate, from 1; unlike rank it has no ties. */
    position: integer('position').notNull(),
    /** 1 + the number significantly better. */
    rank: integer('rank').notNull(),
    rankLow: integer('rank_low').notNull(),
    rankHigh: integer('rank_high').notNull(),
    computedAt: moment('computed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.phaseId, t.submissionId] }),
    unique('ranks_position').on(t.phaseId, t.position),
    check('ranks_order', sql`1 <= ${t.rankLow} and ${t.rankLow} <= ${t.rankHigh}`),
  ],
);

export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  engine: text('engine').notNull(),
  device: text('device').notNull(),
  concurrency: smallint('concurrency').notNull(),
  /** Sandbox layers this host could not give, one sentence each. */
  missingLayers: jsonb('missing_layers').$type<string[]>().notNull().default([]),
  /** graphile-worker's own ids of this process, unlocked when it falls silent. */
  queueWorkerIds: jsonb('queue_worker_ids').$type<string[]>().notNull().default([]),
  shardsDone: integer('shards_done').notNull().default(0),
  childFailures: integer('child_failures').notNull().default(0),
  startedAt: moment('started_at').notNull().defaultNow(),
  heartbeatAt: moment('heartbeat_at').notNull().defaultNow(),
  stoppedAt: moment('stopped_at'),
});
