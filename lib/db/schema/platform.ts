// The platform's own books: what the privileged did, what people were told, and answers to requests that may come twice.
import { bigserial, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, unique, uuid } from 'drizzle-orm/pg-core';
import { challenges } from './challenges.ts';
import { createdAt, id, moment } from './columns.ts';
import { users } from './people.ts';

/** Every privileged act. Written in the act's own transaction, never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: createdAt(),
    /** Null for the platform itself and for accounts since deleted. */
    actorId: uuid('actor_id').references(() => users.id, { onDelete: 'set null' }),
    /** As it was then. */
    actorName: text('actor_name').notNull(),
    /** An action of lib/audit/actions.ts. */
    action: text('action').notNull(),
    challengeId: uuid('challenge_id').references(() => challenges.id, { onDelete: 'set null' }),
    /** What it was done to: an id, an address, a slug. */
    subject: text('subject').notNull().default(''),
    /** What changed. No secrets. */
    detail: jsonb('detail').notNull().default({}),
  },
  (t) => [index('audit_log_by_challenge').on(t.challengeId, t.at), index('audit_log_by_actor').on(t.actorId, t.at)],
);

/** What somebody is to be told, once; and that it was sent. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    /** A kind of lib/notifications/kinds.ts. */
    kind: text('kind').notNull(),
    /** What it is about; of one kind and subject there is one notification a person. */
    subjectId: text('subject_id').notNull(),
    payload: jsonb('payload').notNull().default({}),
    createdAt: createdAt(),
    emailedAt: moment('emailed_at'),
    /** Why it will not be e-mailed any more, in the words of the receiver's mail server. */
    emailProblem: text('email_problem'),
  },
  (t) => [unique('notifications_once').on(t.userId, t.kind, t.subjectId)],
);

export const webhooks = pgTable(
  'webhooks',
  {
    id: id(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    /** Signs what is sent, so that its receiver knows who sent it. */
    secret: text('secret').notNull(),
    kinds: text('kinds').array().notNull(),
    enabled: boolean('enabled').notNull().default(true),
    createdAt: createdAt(),
    /** How the newest delivery went, in words; null before the first. */
    lastOutcome: text('last_outcome'),
    lastAt: moment('last_at'),
    /** Deliveries that failed one after the other, each with all its attempts; too many switch it off. */
    failures: smallint('failures').notNull().default(0),
  },
  (t) => [index('webhooks_by_user').on(t.userId)],
);

/** Answers to changing requests that carried an Idempotency-Key, given again when the request comes again. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body, hex: the same key for another request is a mistake. */
    requestHash: text('request_hash').notNull(),
    /** Null while the first request is still being answered. */
    status: integer('status'),
    response: jsonb('response'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('idempotency_keys_by_age').on(t.createdAt)],
);

/** How much a person or an address has asked for in its present window. Unlogged: after a crash everybody begins anew. */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    used: integer('used').notNull(),
    endsAt: moment('ends_at').notNull(),
  },
  (t) => [index('rate_limits_by_end').on(t.endsAt)],
);
