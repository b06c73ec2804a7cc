// What must hold of every answer to a hostile file, whatever the file is.
import type { SubmissionProblem } from '../../lib/errors.ts';
import type { Reply } from './reader.ts';

/** Letters of an answer, all together: a page, a terminal and a row of the database take it. */
const longest = 2500;
/** Of a list of what is wrong with a protocol, twenty lines. */
const longestListed = 7000;

/** Words of JavaScript, of its engine and of its libraries, which say nothing to a student. */
const leaks: readonly RegExp[] = [
  /\bundefined\b/, /\[object /, /\bNaN\b/, /\b(Type|Range|Syntax|Reference|Assertion)Error\b/, /Cannot (read|set|convert|mix|access|destructure)/,
  /is not (a function|iterable|defined|an object)/, /Invalid (array|typed array|string|count|DataView) /, /Maximum call stack/, /outside the bounds/,
  /must be (a multiple|less than|between)/, /\bat .{1,200}:\d+:\d+\)?/, /node_modules|file:\/\/\/(?!etc)/,
];
/** What a name from the file may not bring along: controls of terminals, of the direction of reading, and what Postgres refuses. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** What is wrong with an answer, or null. `own` are names that the file itself may have brought. */
export function faultOf(reply: Reply): string | null {
  if ('error' in reply) return `a fault of ours: ${reply.error}`;
  if ('words' in reply) return wordsFault(reply.words, longestListed);
  // Postgres takes neither, and all of it may be stored.
  if ('read' in reply) return /\\u0000|\\ud[89a-f]/i.test(reply.read) ? `what Postgres refuses: ${reply.read.slice(0, 300)}` : null;
  if ('problem' in reply) return problemFault(reply.problem);
  if ('report' in reply) {
    const text = JSON.stringify(reply.report);
    if (text.length > 100_000) return `a report of ${text.length} letters`;
    if (controls.test(JSON.parse(JSON.stringify(Object.values(reply.report).map(flat).join(' '))))) return `a report with controls: ${text.slice(0, 500)}`;
    if (!Number.isSafeInteger(reply.report.parameters) || !Number.isSafeInteger(reply.report.flopsPerImage)) return `a report of ${text.slice(0, 300)}`;
  }
  return null;
}

const flat = (value: unknown): string => (typeof value === 'object' && value !== null ? Object.entries(value).map(([key, each]) => `${key} ${flat(each)}`).join(' ') : String(value));

function problemFault(problem: SubmissionProblem): string | null {
  const { code, found, wanted, fix, snippet = '' } = problem;
  if (!/^[a-z0-9-]{3,60}$/.test(code)) return `the code "${code}"`;
  for (const [part, text] of Object.entries({ found, wanted, fix })) if (text.length < 10) return `"${text}" as what is ${part}`;
  const whole = [found, wanted, fix, snippet].join(' ');
  return wordsFault(found) ?? (whole.length > longest + 1500 ? `${whole.length} letters in all` : null);
}

export function wordsFault(text: string, most = longest): string | null {
  if (text.length > most) return `${text.length} letters: ${text.slice(0, 200)}`;
  // Names from the file stand in quotation marks, and may be any word.
  const said = text.replace(/"[^"]*"/g, '""').replaceAll('received undefined', '');
  const leak = leaks.find((each) => each.test(said)) ?? (text.includes(process.cwd()) ? /the path of the server/ : undefined);
  if (leak) return `${leak} in: ${text.slice(0, 600)}`;
  return controls.test(text) ? `controls in: ${JSON.stringify(text.slice(0, 600))}` : null;
}

/** The kind of an answer, with what differs from file to file left out: two inputs of one kind taught us one thing. */
export function kindOfReply(reply: Reply): string {
  if ('report' in reply) return `taken ${reply.report.layout} ${reply.report.operatorsWithoutGradient.length > 0 ? 'without gradient' : ''}`;
  if ('problem' in reply) return `${reply.problem.code}: ${plain(reply.problem.found)}`;
  return 'words' in reply ? plain(reply.words) : 'read' in reply ? 'read' : 'error';
}

const plain = (text: string) => text.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '[]').replace(/-?\d[\d.e+]*/g, '0').slice(0, 120);
