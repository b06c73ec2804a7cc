// Files of a challenge's board and grades: for statistics packages, and as the grade books of Moodle and Canvas import them.
import { inArray } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { submissions } from '../db/schema.ts';
import { board } from '../leaderboard/board.ts';
import { exportColumns } from './columns.ts';
import { csvOf, type CsvCell } from './csv.ts';
import { gradesToExport, type GradeRow } from './grades.ts';
import { gradedStudents } from './standings.ts';

export const gradeFormats = ['csv', 'json', 'moodle', 'canvas'] as const;
export type GradeFormat = (typeof gradeFormats)[number];
export type ExportedFile = { name: string; type: string; text: string };

const csv = (name: string, heads: readonly string[], rows: readonly (readonly CsvCell[])[]): ExportedFile => ({
  name: `${name}.csv`, type: 'text/csv; charset=utf-8', text: csvOf(heads, rows),
});
const json = (name: string, value: unknown): ExportedFile => ({
  name: `${name}.json`, type: 'application/json', text: `${JSON.stringify(value, null, 2)}\n`,
});

/**
 * Every number of the board with its interval, a row for each row of the board, with the names that the class list has; columns
 * as exportColumns says. For the staff. Throws RequestError 401, 403 and 404 (challenge).
 */
export async function exportBoard(
  viewer: Viewer | null, slug: string, phase: 'public' | 'final', as: 'csv' | 'json',
): Promise<ExportedFile> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const [{ rows }, students] = await Promise.all([board(viewer, slug, phase), gradedStudents(challenge, phase)]);
  const owners = await ownersOf(rows.map(({ submissionId }) => submissionId));
  const byUser = new Map(students.map((student) => [student.userId, student]));
  const heads = ['student', 'email', 'student_number', 'section', ...exportColumns.map(({ name }) => name)];
  const cells = rows.map((row): CsvCell[] => {
    const student = row.baseline ? undefined : byUser.get(owners.get(row.submissionId)!);
    const who = [student?.name ?? row.by, student?.email ?? null, student?.studentNumber ?? null, student?.section ?? null];
    return [...who, ...exportColumns.map(({ of }) => of(row))];
  });
  const act = { challengeId: challenge.id, subject: slug, detail: { phase, as } };
  await database().transaction((tx) => record(tx, viewer!, 'board.export', act));
  const name = `${slug}-${phase}-leaderboard`;
  if (as === 'csv') return csv(name, heads, cells);
  return json(name, cells.map((row) => Object.fromEntries(heads.map((head, i) => [head, row[i]]))));
}

async function ownersOf(ids: string[]): Promise<Map<string, string>> {
  const { id, userId } = submissions;
  const rows = await database().select({ id, userId }).from(submissions).where(inArray(submissions.id, ids));
  return new Map(rows.map((row) => [row.id, row.userId]));
}

/** The grades under the saved rule. Throws RequestError 401, 403, 404 (challenge), 409 (no rule). */
export async function exportGrades(viewer: Viewer | null, slug: string, as: GradeFormat): Promise<ExportedFile> {
  const { challenge: { title }, rule, rows } = await gradesToExport(viewer, slug, as);
  const name = `${slug}-grades`;
  if (as === 'json') return json(name, { challenge: slug, rule, grades: rows.map(({ userId: _id, ...row }) => row) });
  if (as === 'moodle') {
    const heads = ['Email address', 'ID number', title, `${title} (feedback)`];
    return csv(`${name}-moodle`, heads, rows.map((row) => [row.email, row.studentNumber, row.grade, feedback(row)]));
  }
  if (as === 'canvas') {
    return csv(`${name}-canvas`, ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', title], canvasRows(rows, rule.maximum));
  }
  const heads = [
    'name', 'email', 'student_number', 'section', 'grade', 'rank', 'value', 'days_late', 'submission', 'submission_id', 'submitted_at',
  ];
  return csv(name, heads, rows.map((row) => [
    row.name, row.email, row.studentNumber, row.section, row.grade, row.rank, row.value, row.daysLate,
    row.submission?.name ?? null, row.submission?.id ?? null, row.submission?.at ?? null,
  ]));
}

/** Canvas wants the full grade in a row of its own under the heads, and matches students by their SIS id or login. */
function canvasRows(rows: readonly GradeRow[], maximum: number): CsvCell[][] {
  const points: CsvCell[] = ['    Points Possible', null, null, null, null, maximum];
  return [points, ...rows.map((row) => [row.name, null, row.studentNumber, row.email, row.section, row.grade])];
}

function feedback({ submission, value, rank, daysLate }: GradeRow): string {
  if (!submission) return 'Nothing submitted that counts.';
  if (value === null) return `"${submission.name}" has no score.`;
  const late = daysLate > 0 ? `, ${daysLate} ${daysLate === 1 ? 'day' : 'days'} late` : '';
  return `"${submission.name}": ${(value * 100).toFixed(2)} %, rank ${rank}${late}.`;
}
