// Model files, stored by content.
import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea, createdAt, moment } from './columns.ts';

/** By a trigger (artifacts_whole), its chunks have all its bytes. */
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
