// Accounts and what they sign in with.
import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, moment } from './columns.ts';

/** Of the whole site; what somebody is in a challenge stands in `members`. An instructor may open challenges. */
export const role = pgEnum('role', ['student', 'instructor', 'administrator']);
export const codePurpose = pgEnum('code_purpose', ['verify-email', 'reset-password']);

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash'),
    role: role('role').notNull().default('student'),
    /** When the address was proved to be theirs, by a code sent to it or by a provider that says so; null when it was not. */
    emailVerifiedAt: moment('email_verified_at'),
    /** Since when an administrator lets them in no more, by any way; null while they may sign in. */
    disabledAt: moment('disabled_at'),
    /** Preferences of lib/notifications/preferences.ts; what is missing is as it comes. */
    notifications: jsonb('notifications').notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('users_email_unique').on(sql`lower(${t.email})`), check('users_name_not_empty', sql`length(trim(${t.name})) > 0`)],
);

/** Signed-in browsers; a session token names one, and is worth nothing once its row is gone. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    /** What the browser calls itself, cut to 200 characters, so that its owner knows which one it is. */
    userAgent: text('user_agent').notNull().default(''),
    createdAt: createdAt(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [index('sessions_by_user').on(t.userId)],
);

/** Accounts elsewhere (OpenID Connect, GitHub) that sign a user in here. */
export const identities = pgTable(
  'identities',
  {
    provider: text('provider').notNull(),
    /** The provider's own name of the account, which never changes; an e-mail address may. */
    subject: text('subject').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.subject] }), index('identities_by_user').on(t.userId)],
);

/** One-time codes sent by e-mail. */
export const emailCodes = pgTable('email_codes', {
  /** SHA-256 of the code, hex; the code itself is only in the e-mail. */
  codeHash: text('code_hash').primaryKey(),
  purpose: codePurpose('purpose').notNull(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  email: text('email').notNull(),
  createdAt: createdAt(),
  expiresAt: moment('expires_at').notNull(),
});

export const apiTokens = pgTable('api_tokens', {
  id: id(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  /** SHA-256 of the token, hex; the token itself is shown once and never stored. */
  tokenHash: text('token_hash').notNull().unique(),
  /** Of lib/auth/scopes.ts: what it may do of what its owner may. */
  scopes: text('scopes').array().notNull().default(sql`array['read', 'submit', 'manage']`),
  createdAt: createdAt(),
  lastUsedAt: moment('last_used_at'),
  expiresAt: moment('expires_at'),
});

