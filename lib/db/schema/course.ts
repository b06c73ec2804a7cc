// What staff and students of a challenge say to each other.
import { sql } from 'drizzle-orm';
import { check, index, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { challenges } from './challenges.ts';
import { createdAt, id, moment } from './columns.ts';
import { users } from './people.ts';
import { submissions } from './submissions.ts';

export const regradeStatus = pgEnum('regrade_status', ['open', 'accepted', 'declined']);

export const announcements = pgTable(
  'announcements',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    title: text('title').notNull(),
    /** Markdown, rendered without raw HTML. */
    body: text('body').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('announcements_by_challenge').on(t.challengeId, t.createdAt)],
);

/** What staff keep in mind of a student, or of one submission of theirs. Never shown to students. */
export const staffNotes = pgTable(
  'staff_notes',
  {
    id: id(),
    challengeId: uuid('challenge_id').notNull().references(() => challenges.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    submissionId: uuid('submission_id').references(() => submissions.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    body: text('body').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('staff_notes_by_student').on(t.challengeId, t.userId)],
);

export const regradeRequests = pgTable(
  'regrade_requests',
  {
    id: id(),
    submissionId: uuid('submission_id').notNull().references(() => submissions.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    message: text('message').notNull(),
    status: regradeStatus('status').notNull().default('open'),
    answer: text('answer'),
    answeredBy: uuid('answered_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    answeredAt: moment('answered_at'),
  },
  (t) => [
    index('regrade_requests_by_submission').on(t.submissionId),
    check('regrade_answered', sql`(${t.status} = 'open') = (${t.answeredAt} is null)`),
  ],
);
