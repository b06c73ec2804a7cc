// `gauntlet status`: one's submissions, or one of them: how far, at what place of the queue, with what score.
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import type { z } from 'zod';
import { submissions } from '../api/index.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { countOf, metricNames } from './board.ts';
import { atSite, call, loggedIn, type Site, type SiteOptions } from './site.ts';
import { duration, harmless, percent, plain, scoreTable } from './table.ts';

type Options = SiteOptions & { challenge?: string; all?: boolean; limit: number; watch?: boolean; json?: boolean };
type Row = z.output<typeof submissions.listSubmissions.answer.schema>['items'][number];
type Detail = Pick<z.output<typeof submissions.getSubmission.answer.schema>, 'status' | 'progress' | 'failure'>;

const pollMilliseconds = 2000;
const shownColumns = ['mixed', 'robust', 'clean'] as const;
const unfinished = ({ status }: Pick<Row, 'status'>) => status === 'queued' || status === 'running';

const detailOf = (site: Site, id: string) =>
  call(site, `/api/v1/submissions/${encodeURIComponent(id)}`, submissions.getSubmission.answer.schema);

/** The state in words: how much is done, or how much stands before it and about how long that takes. */
export function stateOf({ status, progress, failure }: Detail): string {
  const left = progress.etaSeconds === null ? '' : `, about ${duration(progress.etaSeconds)}`;
  if (status === 'running') return `running ${Math.floor(100 * progress.share)} %${left}`;
  if (status === 'queued') return progress.shardsAhead > 0 ? `queued behind ${progress.shardsAhead} pieces of work${left}` : `queued${left}`;
  return status === 'failed' && failure?.blame === 'platform' ? 'failed (our fault)' : status;
}

async function showAll(site: Site, { challenge, all, limit, json }: Options): Promise<boolean> {
  const query = new URLSearchParams({ limit: String(Math.min(limit, 200)), ...(challenge && { challenge }), ...(all && { all: 'true' }) });
  const { items, next } = await call(site, `/api/v1/submissions?${query}`, submissions.listSubmissions.answer.schema);
  if (json) console.log(JSON.stringify({ items, next }, null, 2));
  else if (items.length === 0) console.log('Nothing is submitted yet: gauntlet submit model.onnx');
  else console.log(await tableOf(site, items, all ?? false) + (next === null ? '' : `\nThere are older ones: --limit ${limit * 2}`));
  return items.some(unfinished);
}

/** Only of what still runs is the place asked for, and only of the newest ten: a request each. */
async function tableOf(site: Site, items: Row[], all: boolean): Promise<string> {
  const waiting = await Promise.all(items.filter(unfinished).slice(0, 10).map(({ submissionId }) => detailOf(site, submissionId)));
  const states = new Map(waiting.map((one) => [one.submissionId, stateOf(one)]));
  const head = ['submitted (UTC)', 'model', ...(all ? ['by'] : []), 'challenge', 'state', ...shownColumns.map((column) => metricNames[column]), 'id'];
  const table = new Table({ ...plain, head });
  for (const { submissionId, submittedAt, name, by, challenge, status, figures, late, disqualified } of items) {
    const marks = `${late ? ', late' : ''}${disqualified ? ', disqualified' : ''}`;
    const values = shownColumns.map((column) => (figures?.[column] ? percent(figures[column].value) : ''));
    table.push([submittedAt.slice(0, 16).replace('T', ' '), harmless(name), ...(all ? [harmless(by)] : []), challenge, (states.get(submissionId) ?? status) + marks, ...values, submissionId]);
  }
  return table.toString();
}

async function showOne(site: Site, id: string, { json }: Options): Promise<boolean> {
  const one = await detailOf(site, id);
  if (json) console.log(JSON.stringify(one, null, 2));
  else {
    const { name, challenge, url, rank, failure, disqualified } = one;
    const place = rank ? `, place ${rank.low === rank.high ? rank.rank : `${rank.low}–${rank.high}`} of ${rank.of}` : '';
    console.log(`"${harmless(name)}" in ${challenge}: ${stateOf(one)}${place}\n${new URL(url, site.url)}`);
    if (disqualified) console.log(`Disqualified: ${disqualified.reason}`);
    if (failure) console.log(failure.blame === 'student' ? `${failure.problem.found} ${failure.problem.wanted} ${failure.problem.fix}` : failure.message);
    if (one.score) console.log(scoreTable(currentScore(one.score as Score)!));
  }
  return unfinished(one);
}

async function status(id: string | undefined, options: Options): Promise<void> {
  const site = await loggedIn(options);
  for (;;) {
    const goesOn = await (id === undefined ? showAll(site, options) : showOne(site, id, options));
    if (!options.watch || !goesOn) return;
    await sleep(pollMilliseconds);
    if (process.stdout.isTTY && !options.json) process.stdout.write('\x1b[2J\x1b[H');
  }
}

export function statusCommand(): Command {
  return atSite(new Command('status'))
    .description('show your submissions: their state, place in line, and scores')
    .argument('[submission]', 'only this one, with every figure')
    .option('--challenge <slug>', 'only of this challenge')
    .option('--all', 'everybody\'s, for the staff of --challenge')
    .option('--limit <n>', 'at most so many, the newest first', countOf, 20)
    .option('--watch', 'again every two seconds until nothing runs any more')
    .option('--json', 'as the API gives it')
    .action(status);
}
