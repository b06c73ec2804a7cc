// What staff keep in mind of a student, or of one submission of theirs. Never shown to students.
import { and, desc, eq, type SQL } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, staffNotes, submissions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { idOf } from './member-row.ts';
import { admitted, atLeast } from './standing.ts';

/** What a note is about: a member, or a submission and with it whoever made it. */
export type NoteSubject = { userId: string } | { submissionId: string };

export type Note = {
  id: string;
  body: string;
  /** Null for an account since deleted. */
  by: string | null;
  /** ISO 8601. */
  at: string;
  /** The submission it is about; null for one about the student. */
  submission: { id: string; name: string } | null;
  /** Whether the viewer may delete it. */
  mayDelete: boolean;
};

const longest = 5000;

/** Writes a note of 1 to 5000 characters. Throws RequestError 401, 403, 400, and 404 (challenge, student, submission). */
export async function addNote(viewer: Viewer | null, slug: string, subject: NoteSubject, body: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const text = body.trim();
  if (text.length < 1 || text.length > longest) throw new RequestError(400, `A note has 1 to ${longest} characters; this one has ${text.length}.`);
  const about = await subjectOf(challenge.id, subject);
  await database().insert(staffNotes).values({ challengeId: challenge.id, ...about, authorId: viewer!.id, body: text });
}

/**
 * The notes on a submission, or all on a student with those on their submissions, the newest first.
 * Throws RequestError 401, 403 and 404 (challenge).
 */
export async function listNotes(viewer: Viewer | null, slug: string, subject: NoteSubject): Promise<Note[]> {
  const { challenge, standing } = await admitted(viewer, slug, 'assistant');
  const wanted: SQL =
    'submissionId' in subject ? eq(staffNotes.submissionId, idOf(subject.submissionId, 'submission')) : eq(staffNotes.userId, idOf(subject.userId, 'member'));
  const rows = await database()
    .select({ note: staffNotes, by: users.name, submission: submissions.name })
    .from(staffNotes)
    .leftJoin(users, eq(users.id, staffNotes.authorId))
    .leftJoin(submissions, eq(submissions.id, staffNotes.submissionId))
    .where(and(eq(staffNotes.challengeId, challenge.id), wanted))
    .orderBy(desc(staffNotes.createdAt), desc(staffNotes.id));
  return rows.map(({ note, by, submission }) => ({
    id: note.id,
    body: note.body,
    by,
    at: note.createdAt.toISOString(),
    submission: note.submissionId && submission !== null ? { id: note.submissionId, name: submission } : null,
    mayDelete: note.authorId === viewer!.id || atLeast(standing, 'instructor'),
  }));
}

/** Deletes a note of one's own; an instructor anybody's. Throws RequestError 401, 403 and 404. */
export async function deleteNote(viewer: Viewer | null, slug: string, noteId: string): Promise<void> {
  const { challenge: { id: challengeId }, standing } = await admitted(viewer, slug, 'assistant');
  const wanted = and(eq(staffNotes.id, idOf(noteId, 'note')), eq(staffNotes.challengeId, challengeId));
  await database().transaction(async (tx) => {
    const [note] = await tx.select().from(staffNotes).where(wanted).for('update');
    if (!note) throw new RequestError(404, 'There is no such note in this challenge.');
    const own = note.authorId === viewer!.id;
    if (!own && !atLeast(standing, 'instructor')) throw new RequestError(403, 'Only its author or an instructor may delete a note.');
    await tx.delete(staffNotes).where(eq(staffNotes.id, note.id));
    if (!own) await record(tx, viewer!, 'note.delete', { challengeId, subject: note.userId, detail: { author: note.authorId } });
  });
}

async function subjectOf(challengeId: string, subject: NoteSubject): Promise<{ userId: string; submissionId?: string }> {
  if ('submissionId' in subject) {
    const wanted = and(eq(submissions.challengeId, challengeId), eq(submissions.id, idOf(subject.submissionId, 'submission')));
    const [row] = await database().select({ userId: submissions.userId, submissionId: submissions.id }).from(submissions).where(wanted);
    if (!row) throw new RequestError(404, 'There is no such submission in this challenge.');
    return row;
  }
  const wanted = and(eq(members.challengeId, challengeId), eq(members.userId, idOf(subject.userId, 'member')));
  const [row] = await database().select({ userId: members.userId }).from(members).where(wanted);
  if (!row) throw new RequestError(404, 'There is no such member in this challenge.');
  return row;
}
