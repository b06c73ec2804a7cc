// `gauntlet board`: the leaderboard of a challenge as a table.
import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { challenges } from '../api/index.ts';
import type { BoardRow } from '../leaderboard/board.ts';
import { metrics, type Metric } from '../evaluation/score.ts';
import { atSite, call, challengeAt, siteOf, type SiteOptions } from './site.ts';
import { harmless, percent, plain } from './table.ts';

type Options = SiteOptions & { phase: 'public' | 'final'; json?: boolean; limit?: number };

export const metricNames: Record<Metric, string> = { mixed: 'mixed', meanPerturbation: 'mean pert.', robust: 'robust', clean: 'clean' };

export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
  return count;
}

/** `2–4` where the data allow several places. */
function placeOf({ rank }: Pick<BoardRow, 'rank'>): string {
  if (!rank) return '';
  return rank.low === rank.high ? String(rank.rank) : `${rank.low}–${rank.high}`;
}

async function board(challenge: string | undefined, { phase, json, limit, ...options }: Options): Promise<void> {
  const site = await siteOf(options);
  const slug = await challengeAt(site, challenge);
  const query = new URLSearchParams({ phase, ...(limit !== undefined && { limit: String(limit) }) });
  const found = await call(site, `/api/v1/challenges/${encodeURIComponent(slug)}/leaderboard?${query}`, challenges.leaderboard.answer.schema);
  if (json) return console.log(JSON.stringify(found, null, 2));
  if (found.rows.length === 0) return console.log(`Nobody stands on the ${phase} board of ${slug} yet.`);
  const shown = [found.primaryMetric, ...metrics.filter((metric) => metric !== found.primaryMetric)];
  const head = ['place', 'model', 'by', ...shown.map((metric) => metricNames[metric])];
  const table = new Table({ ...plain, head, colAligns: head.map((_, i) => (i === 1 || i === 2 ? 'left' : 'right')) });
  for (const row of found.rows) {
    const figures = shown.map((metric) => (row.score?.[metric] ? percent(row.score[metric].value) : row.status === 'finished' ? '' : row.status));
    table.push([placeOf(row), `${harmless(row.name)}${row.mine ? ' *' : ''}`, row.baseline ? 'baseline' : harmless(row.by), ...figures]);
  }
  console.log(table.toString());
  const left = found.total - found.rows.length;
  console.log(`${slug}, ${phase} phase, ranked by ${metricNames[found.primaryMetric]}; * is yours; a range of places where the data allow several.${left > 0 ? ` ${left} more rows: --limit.` : ''}`);
}

export function boardCommand(): Command {
  return atSite(new Command('board'))
    .description('show the leaderboard of a challenge')
    .argument('[challenge]', 'the last part of its address; needed when the site has several')
    .addOption(new Option('--phase <phase>', 'which board').choices(['public', 'final']).default('public'))
    .option('--limit <n>', 'only so many rows', countOf)
    .option('--json', 'as the API gives it, with every interval')
    .action(board);
}
