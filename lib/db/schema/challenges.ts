// Challenges, their phases, and who takes part in them.
import { sql } from 'drizzle-orm';
import {
  check, foreignKey, index, jsonb, pgEnum, pgTable, primaryKey, smallint, text, unique, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core';
import { bytea, createdAt, id, moment } from './columns.ts';
import { users } from './people.ts';

export const phaseKind = pgEnum('phase_kind', ['public', 'final']);
export const visibility = pgEnum('visibility', ['public', 'members']);
export const memberRole = pgEnum('member_role', ['student', 'assistant', 'instructor']);

export const challenges = pgTable(
  'challenges',
  {
    id: id(),
    slug: text('slug').notNull().unique(),
    title: text('title').notNull(),
    /** One or two plain sentences. */
    description: text('description').notNull().default(''),
    /** Markdown, rendered without raw HTML. */
    rules: text('rules').notNull().default(''),
    /** IANA name of the zone in which the instructor thinks of its dates and a day of quota begins. */
    timeZone: text('time_zone').notNull().default('UTC'),
    visibility: visibility('visibility').notNull().default('public'),
    /** Whoever has it may join; null when nobody joins by a code. */
    joinCode: text('join_code').unique(),
    /** A Policy of lib/challenges/policy.ts: quotas, lateness, teams, tiers, what counts. What is missing is as it comes. */
    policy: jsonb('policy').notNull().default({}),
    /** A GradingRule of lib/grades/rule.ts; null until an instructor makes one. */
    gradingRule: jsonb('grading_rule'),
    /** While set, nothing is taken in; `pauseReason` is shown to whoever tries. */
    pausedAt: moment('paused_at'),
    pauseReason: text('pause_reason').notNull().default(''),
    /** Archived ones can be read and no longer be changed or submitted to. */
    archivedAt: moment('archived_at'),
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

export const teams = pgTable(
  'teams',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    leaderId: uuid('leader_id').notNull().references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('teams_name_unique').on(t.challengeId, sql`lower(${t.name})`),
    // For the reference from members, which keeps a team within its challenge.
    unique('teams_of_challenge').on(t.challengeId, t.id),
    check('teams_name_length', sql`length(${t.name}) between 1 and 60`),
  ],
);

/** Who takes part in a challenge, and as what. An administrator needs no row. */
export const members = pgTable(
  'members',
  {
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    role: memberRole('role').notNull().default('student'),
    /** Shown on boards instead of the name, to everybody but the challenge's staff. */
    pseudonym: text('pseudonym'),
    teamId: uuid('team_id'),
    /** A later deadline for this member alone. */
    extendedUntil: moment('extended_until'),
    /** Added to the challenge's own quota of successes a day. */
    extraSuccesses: smallint('extra_successes').notNull().default(0),
    joinedAt: moment('joined_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.challengeId, t.userId] }),
    index('members_by_user').on(t.userId),
    uniqueIndex('members_pseudonym_unique').on(t.challengeId, sql`lower(${t.pseudonym})`),
    foreignKey({ columns: [t.challengeId, t.teamId], foreignColumns: [teams.challengeId, teams.id], name: 'members_team' }),
    check('members_pseudonym_length', sql`length(${t.pseudonym}) between 1 and 60`),
    check('members_extra_successes', sql`${t.extraSuccesses} between 0 and 1000`),
  ],
);

export const teamInvitations = pgTable(
  'team_invitations',
  {
    teamId: uuid('team_id').notNull().references(() => teams.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.userId] })],
);

/** The class list of a challenge: who is expected, and which account has proved to be them. */
export const rosterPlaces = pgTable(
  'roster_places',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    name: text('name').notNull(),
    /** The university's own number of the student, for grade books; null where the list has none. */
    studentNumber: text('student_number'),
    section: text('section'),
    claimedBy: uuid('claimed_by').references(() => users.id, { onDelete: 'set null' }),
    claimedAt: moment('claimed_at'),
    /** SHA-256 of the one-time code that claims it, hex; null when there is none or it has been used. */
    codeHash: text('code_hash').unique(),
  },
  (t) => [
    uniqueIndex('roster_email_unique').on(t.challengeId, sql`lower(${t.email})`),
    unique('roster_one_place').on(t.challengeId, t.claimedBy),
  ],
);
