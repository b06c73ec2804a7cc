// The work of an evaluation: its shards, and the outcomes that land from them.
import { sql } from 'drizzle-orm';
import {
  boolean, check, doublePrecision, index, integer, jsonb, pgEnum, pgTable, primaryKey, smallint, text, unique, uuid, type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import type { Diagnostics } from '../../evaluation/cell.ts';
import { phases } from './challenges.ts';
import { bytea, createdAt, id, moment } from './columns.ts';
import { evaluations, submissions } from './submissions.ts';

export const shardStatus = pgEnum('shard_status', ['queued', 'running', 'done', 'failed']);

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
    /** Of its queue job; lower runs first, and within one priority the earlier turn. */
    priority: smallint('priority').notNull(),
    /** Its place among equal priorities, and its job's run_at: a virtual time that shares the workers between challenges (turns.ts). */
    turn: moment('turn').notNull().defaultNow(),
    /** Place among the shards of its evaluation, most wanted first. */
    ordinal: integer('ordinal').notNull(),
    queuedAt: moment('queued_at').notNull().defaultNow(),
    status: shardStatus('status').notNull().default('queued'),
    workerId: uuid('worker_id'),
    /** Named limits met on this shard, one entry per child it killed. */
    limitsMet: jsonb('limits_met').$type<string[]>().notNull().default([]),
    /** Times it failed for a reason of ours. A dead worker is none. */
    platformFailures: smallint('platform_failures').notNull().default(0),
    /** Spent on it by all children that tried, as their supervisors saw it: what the evaluation's compute budget is counted in. */
    processorSeconds: doublePrecision('processor_seconds').notNull().default(0),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    unique('shards_once').on(t.evaluationId, t.trialId, t.firstImage),
    check('shards_range', sql`${t.firstImage} >= 0 and ${t.endImage} > ${t.firstImage}`),
    check('shards_waiting', sql`${t.status} <> 'queued' or ${t.workerId} is null`),
    check('shards_running', sql`${t.status} <> 'running' or (${t.workerId} is not null and ${t.startedAt} is not null)`),
    check('shards_ended', sql`(${t.status} in ('done', 'failed')) = (${t.finishedAt} is not null)`),
    // By triggers: those of a trial do not overlap (shards_disjoint), only an open evaluation gets open ones (shards_wanted), and one
    // that has ended stays so (shards_stay_ended).
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

/** Ten classes by ten. */
const isConfusion = (column: AnyPgColumn) => sql`case jsonb_typeof(${column}) when 'array' then jsonb_array_length(${column}) = 100 else false end`;

export const parts = pgTable(
  'parts',
  { ...outcome, firstImage: integer('first_image').notNull(), endImage: integer('end_image').notNull(), workerId: uuid('worker_id') },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.trialId, t.firstImage] }),
    // And parts_disjoint: those of a trial do not overlap (an exclusion constraint). By a trigger each lies within a shard of an open
    // evaluation, and none joins a cell that is there (parts_wanted).
    check('parts_range', sql`${t.firstImage} >= 0 and ${t.endImage} > ${t.firstImage}`),
    check('parts_predictions_length', sql`octet_length(${t.predictions}) = ${t.endImage} - ${t.firstImage}`),
    check('parts_bits_length', sql`octet_length(${t.correctBits}) = (${t.endImage} - ${t.firstImage} + 7) / 8`),
    check('parts_confusion', isConfusion(t.confusion)),
  ],
);

export const cells = pgTable(
  'cells',
  { ...outcome, total: integer('total').notNull(), correct: integer('correct').notNull() },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.trialId] }),
    check('cells_counts', sql`${t.correct} between 0 and ${t.total}`),
    check('cells_confusion', isConfusion(t.confusion)),
    check('cells_predictions_length', sql`octet_length(${t.predictions}) = ${t.total}`),
    check('cells_bits_match', sql`octet_length(${t.correctBits}) = (${t.total} + 7) / 8 and bit_count(${t.correctBits}) = ${t.correct}`),
  ],
);

/** What an attack made of a few images, kept so that people can see it; the images themselves are regenerated. */
export const adversarialExamples = pgTable(
  'adversarial_examples',
  {
    evaluationId: uuid('evaluation_id').notNull().references(() => evaluations.id, { onDelete: 'cascade' }),
    trialId: text('trial_id').notNull(),
    /** Place in the trial's image list. */
    position: integer('position').notNull(),
    /** Class predicted for the attacked image. */
    prediction: smallint('prediction').notNull(),
    /** The largest change of a pixel, of pixels in [0, 1]. */
    peak: doublePrecision('peak').notNull(),
    /** The change of each of the 784 pixels as a signed byte: 127 is the peak. */
    delta: bytea('delta').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.evaluationId, t.trialId, t.position] }),
    check('adversarial_examples_position', sql`${t.position} >= 0`),
    check('adversarial_examples_prediction', sql`${t.prediction} between 0 and 9`),
    check('adversarial_examples_peak', sql`${t.peak} between 0 and 1`),
    check('adversarial_examples_delta', sql`octet_length(${t.delta}) = 784`),
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

/** What is worth a look in the submissions of a phase, computed when staff ask for it; a page only reads it. */
export const similarityReports = pgTable('similarity_reports', {
  phaseId: uuid('phase_id').primaryKey().references(() => phases.id, { onDelete: 'cascade' }),
  requestedAt: moment('requested_at').notNull().defaultNow(),
  computedAt: moment('computed_at'),
  /** A Similarity of lib/leaderboard/similarity.ts; null until the first has been computed. */
  report: jsonb('report'),
});

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
