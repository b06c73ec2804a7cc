// Lays a run out as Markdown. It measures nothing.
import type { Fairness } from './delays.ts';
import type { Line } from './record.ts';
import type { Summary } from './statistics.ts';
import { parts, type Seen } from './watch.ts';

export type Report = {
  command: string;
  /** What it ran on, and which revision. */
  machine: string;
  students: number;
  viewers: number;
  visits: number;
  workers: string;
  lines: readonly Line[];
  errors: readonly [string, number][];
  /** Requests that were sent a second time, because the site had closed the connection that was kept for them. */
  again: number;
  fairness: Fairness;
  seen: Seen;
  /** Milliseconds of each sign-in when the whole class signs in at one moment, and seconds until all are in. */
  together: { each: Summary | null; seconds: number };
  /** Streams of events that the site still held a while after everybody had gone, and its heap then and before the run, in megabytes. */
  afterwards: { streams: number; heap: number; heapBefore: number };
  /** Shards that had not ended when the bench gave up waiting. */
  left: number;
};

/** What is no request: from an earlier event to a later one. */
const spans = new Set(['news to an open board', 'news to its submission’s page', 'a change to all boards that show it', 'headline shown, from confirm']);

export function markdownOf(report: Report): string {
  const { lines, errors, fairness, seen, together, afterwards } = report;
  const requests = lines.filter(({ kind }) => !spans.has(kind));
  const asked = requests.reduce((sum, { times, errors: failed }) => sum + (times?.count ?? 0) + failed, 0);
  return `\`${report.command}\`, ${report.machine}.

${report.students} students, each from the same address, made ${report.visits} visits on a seeded timetable; ${report.viewers} kept a board open; ${report.workers}. The run took
${seen.seconds.toFixed(0)} s with what was still to evaluate at its end; the site answered ${whole(asked)} requests. ${verdict(errors, report.left)}
${report.again === 0 ? 'No' : whole(report.again)} ${report.again === 1 ? 'request was' : 'requests were'} sent again because a kept connection had been closed, as every browser does by itself.

${table(['request', 'count', 'errors', 'median, ms', 'p95', 'p99', 'max'], requests.map(timesRow))}

${table(['from one thing to another', 'count', 'errors', 'median, ms', 'p95', 'p99', 'max'], lines.filter(({ kind }) => spans.has(kind)).map(timesRow))}

When all ${report.students} students sign in at one moment, the last is in after ${together.seconds.toFixed(1)} s${together.each ? ` (median ${together.each.median.toFixed(0)} ms)` : ''}.

${table(['who waits, seconds from confirming', 'count', 'first shard claimed: median', 'p95', 'max', 'headline there: median', 'p95', 'max', 'none yet'], fairness.groups.map(({ who, claimed, headline, missing }) => [
    who, `${(headline?.count ?? 0) + missing}`, ...secondsOf(claimed), ...secondsOf(headline), `${missing}`,
  ]))}

Of every student’s first submission, Jain’s index of fairness over the time to the headline is ${fairness.index?.toFixed(2) ?? '–'} (1: all wait alike); the longest wait is
${fairness.ratio?.toFixed(1) ?? '–'} times the median.

${table(['until second', ...seen.queue.map(({ until }) => until.toFixed(0))], [
    ['shards waiting, at most', ...seen.queue.map(({ waiting }) => `${waiting}`)],
    ['shards running, at most', ...seen.queue.map(({ running }) => `${running}`)],
    ['submissions without headline, at most', ...seen.queue.map(({ headlines }) => `${headlines}`)],
  ])}

${table(['part', 'of the machine’s processor time', 'memory at start, MB', 'peak', 'end'], [
    ...parts.map((part) => [part, percent(seen.share[part]), ...(['start', 'peak', 'end'] as const).map((when) => seen.memory[part][when].toFixed(0))]),
    ['other processes', percent(seen.share.others), '', '', ''],
    ['nobody', percent(seen.share.idle), '', '', ''],
  ])}

Connections to the database, at most: ${Object.entries(seen.connections).map(([name, most]) => (name === 'all' ? `${most} in all` : `${most} ${name || 'queue'}`)).join(', ')}. After everybody had
gone the site held ${afterwards.streams} streams of events, and a heap of ${afterwards.heap.toFixed(0)} MB (${afterwards.heapBefore.toFixed(0)} MB before the run).
${errors.length > 0 ? `\n${table(['error', 'times'], errors.map(([why, times]) => [why.replaceAll(/[|\n]/g, ' '), `${times}`]))}\n` : ''}`;
}

function verdict(errors: readonly [string, number][], left: number): string {
  const failed = errors.reduce((sum, [, times]) => sum + times, 0);
  const waiting = left > 0 ? ` ${left} shards were still waiting when the bench gave up.` : '';
  return (failed === 0 ? 'Nothing failed.' : `${whole(failed)} things failed, listed at the end.`) + waiting;
}

function timesRow({ kind, errors, times }: Line): string[] {
  return [kind, whole(times?.count ?? 0), `${errors}`, ...(times ? [times.median, times.p95, times.p99, times.max].map((value) => value.toFixed(0)) : ['', '', '', ''])];
}

const secondsOf = (summary: Summary | null): string[] =>
  summary ? [summary.median, summary.p95, summary.max].map((value) => value.toFixed(1)) : ['', '', ''];
const whole = (value: number) => value.toLocaleString('en');
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [row(head), row(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...body.map(row)].join('\n');
