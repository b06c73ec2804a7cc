// How often what a challenge's boards show has changed. Written by triggers alone (drizzle/, "board_touched"), so that no writer can forget it.
import { bigint, pgTable, uuid } from 'drizzle-orm/pg-core';
import { challenges } from './challenges.ts';

export const boardVersions = pgTable('board_versions', {
  challengeId: uuid('challenge_id').primaryKey().references(() => challenges.id, { onDelete: 'cascade' }),
  /** Goes up in every transaction that changes anything of a board but the progress of what runs. */
  version: bigint('version', { mode: 'number' }).notNull(),
  /** The transaction that was the last to raise it, so that each raises it once. */
  raisedBy: bigint('raised_by', { mode: 'number' }).notNull(),
});
