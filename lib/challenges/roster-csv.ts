// Reads a class list as Canvas, Moodle, Excel or a hand wrote it. Pure: knows no database, and cells are only ever text.
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { limits } from '../limits.ts';
import { plainText } from '../plain-text.ts';

/** One student of the list. `line` is where the row begins in the file, from 1. */
export type RosterRow = { line: number; email: string; name: string; studentNumber: string | null; section: string | null };

export const rosterColumns = ['email', 'name', 'studentNumber', 'section'] as const;
export type RosterColumn = (typeof rosterColumns)[number];

/** `columns` are those that the file has; `problems` are sentences, each with its line, whose rows are not among `rows`. */
export type Roster = { rows: RosterRow[]; columns: RosterColumn[]; problems: string[] };

/** Longer ones are refused below with how long they are. */
const longestCell = 10_000;

type Line = { record: string[]; line: number };

/** Names of columns, letters and digits alone, the best first: of two that fit the earlier is read. */
const heads = {
  email: ['email', 'emailaddress', 'emailadresse', 'mail', 'studentemail', 'sisloginid', 'loginid', 'username'],
  name: ['name', 'fullname', 'studentname', 'student', 'displayname', 'vollstandigername'],
  firstName: ['firstname', 'givenname', 'vorname'],
  lastName: ['lastname', 'surname', 'familyname', 'nachname'],
  studentNumber: ['studentnumber', 'studentno', 'studentid', 'sisuserid', 'sisid', 'idnumber', 'matriculationnumber', 'matrikelnummer', 'number', 'id'],
  section: ['section', 'sections', 'group', 'groups', 'gruppe', 'gruppen', 'class', 'tutorial'],
} as const;
type Column = keyof typeof heads;

const longest = { email: 254, name: 200, studentNumber: 100, section: 100 } as const;
const email = z.email();

/** Text of a file in UTF-8, in UTF-16 with its mark (Excel's "Unicode text"), or in Windows' western code page (Excel's CSV). */
export function textOf(bytes: Uint8Array): string {
  const mark = bytes.length >= 2 ? (bytes[0] << 8) | bytes[1] : 0;
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * The students of a list whose first line names its columns: an e-mail address, and if it has them a name (or first and last
 * name), a student number and a section, in any order and beside any others; commas, semicolons or tabs between.
 * Throws RequestError 400 on what is no such list at all.
 */
export function readRoster(text: string): Roster {
  const lines = linesOf(text);
  const header = lines.shift();
  if (!header) throw new RequestError(400, 'The file is empty. A first line with the names of the columns is wanted, and a line a student.');
  const columns = columnsOf(header.record);
  if (columns.email === undefined) {
    const found = plainText(header.record.filter(Boolean).slice(0, 12).join(', '), 300);
    throw new RequestError(400, `Line ${header.line} must name the columns, and one of them "email". Found: ${found}. Add that line, or rename the column.`);
  }
  if (lines.length > limits.rosterRows) {
    throw new RequestError(400, `The list has ${lines.length} lines, and at most ${limits.rosterRows} are read.`);
  }
  const has = (column: RosterColumn) => columns[column] !== undefined || (column === 'name' && columns.lastName !== undefined);
  return { ...studentsOf(lines, columns), columns: rosterColumns.filter(has) };
}

function linesOf(text: string): Line[] {
  // A line that only Excel understands: it says which separator follows.
  const named = /^\uFEFF?sep=(.)\r?\n/i.exec(text);
  const body = text.slice(named?.[0].length ?? 0);
  try {
    const options = { bom: true, info: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const;
    const found = parse(body, { ...options, delimiter: named?.[1] ?? separatorOf(body) }) as unknown as { record: string[]; info: { lines: number } }[];
    return found
      .map(({ record, info }) => ({ record, line: info.lines - record.join('').split('\n').length + 1 + (named ? 1 : 0) }))
      .filter(({ record }) => record.some((cell) => cell !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new RequestError(400, `This is not a CSV file: ${error.message}. Save the list as "CSV UTF-8" and choose it again.`, { cause: error });
  }
}

function separatorOf(text: string): string {
  const [first] = text.split(/\r?\n/, 1);
  const count = (mark: string) => first.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

const bare = (head: string) => head.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]/g, '');

function columnsOf(header: string[]): Partial<Record<Column, number>> {
  const names = header.map(bare);
  const found = Object.entries(heads).map(([column, known]) => {
    const name = known.find((one) => names.includes(one));
    return [column, name === undefined ? undefined : names.indexOf(name)];
  });
  return Object.fromEntries(found);
}

function studentsOf(lines: Line[], columns: Partial<Record<Column, number>>): Omit<Roster, 'columns'> {
  const rows: RosterRow[] = [];
  const problems: string[] = [];
  const seen = { email: new Map<string, number>(), studentNumber: new Map<string, number>() };
  for (const { record, line } of lines) {
    const cell = (column: Column) => (columns[column] === undefined ? '' : plainText(record[columns[column]] ?? '', longestCell).trim());
    const whole = cell('name') || [cell('firstName'), cell('lastName')].filter(Boolean).join(' ');
    // Canvas writes what an assignment can earn under the heads of its gradebook.
    if (/^points possible$/i.test(whole) && cell('email') === '') continue;
    const row = {
      line, email: cell('email').toLowerCase(), name: whole || cell('email').replace(/@.*$/, ''),
      studentNumber: cell('studentNumber') || null, section: cell('section') || null,
    };
    const problem = problemOf(row, seen);
    if (problem) problems.push(`Line ${line}: ${problem}`);
    else rows.push(row);
  }
  return { rows, problems };
}

function problemOf(row: RosterRow, seen: Record<'email' | 'studentNumber', Map<string, number>>): string | null {
  if (!row.email) return `${row.name || 'this row'} has no e-mail address.`;
  if (!email.safeParse(row.email).success) return `"${row.email.slice(0, 80)}" is no e-mail address.`;
  for (const [column, most] of Object.entries(longest) as [keyof typeof longest, number][]) {
    if ((row[column] ?? '').length > most) return `the ${column} has ${row[column]!.length} characters, and at most ${most} are kept.`;
  }
  for (const column of ['email', 'studentNumber'] as const) {
    const value = row[column];
    if (value === null) continue;
    const first = seen[column].get(value);
    if (first !== undefined) return `${column === 'email' ? '' : 'the student number '}${value} is on line ${first} already.`;
  }
  seen.email.set(row.email, row.line);
  if (row.studentNumber) seen.studentNumber.set(row.studentNumber, row.line);
  return null;
}
