// The promises, held against what students were told and what the database says.
import { rawSql } from '../../lib/db/client.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { readArtifact } from '../../lib/artifacts/read.ts';
import { createHash } from 'node:crypto';
import { limits } from '../../lib/limits.ts';
import { allowanceOf } from '../../lib/submissions/allowance.ts';
import { outcomeOf, type Outcome } from './outcomes.ts';
import type { Ledger } from './students.ts';
import type { Lease } from './system.ts';
import { until } from './until.ts';

/** A promise, how often it was tried, and each time that it did not hold, in words. */
export type Checked = { promise: string; times: number; broken: string[] };
export type Facts = { challengeId: string; slug: string; ledger: Ledger; crowd: readonly Viewer[]; calm: ReadonlyMap<string, Outcome>; lease: Lease };

/** Checks them all; nothing may be under way any more. */
export async function checkPromises(facts: Facts): Promise<Checked[]> {
  await settled(facts.lease);
  return [
    await uploadsKept(facts), await submissionsFinished(facts), await nothingTwice(facts), await bitsAsUndisturbed(facts),
    await quotasAgree(facts), await nobodyBlamed(), await nothingLeftOver(),
    { promise: 'every request was answered in the end, by trying again at most', times: facts.ledger.drafts.length, broken: facts.ledger.complaints },
  ];
}

/** Until what ends by itself has: ranks, the rows of dead workers. */
async function settled({ silenceSeconds }: Lease): Promise<void> {
  await until(async () => {
    const [{ n }] = await rawSql()<{ n: number }[]>`
      select (select count(*) from graphile_worker.jobs where task_identifier <> 'deliver-notifications')
        + (select count(*) from workers where stopped_at is null and heartbeat_at < now() - make_interval(secs => ${silenceSeconds})) as n`;
    return Number(n) === 0;
  }, { seconds: 240, what: 'an empty queue' });
}

async function uploadsKept({ ledger: { drafts } }: Facts): Promise<Checked> {
  const rows = await rawSql()<{ id: string }[]>`
    select id from drafts union select draft_id from submissions where draft_id is not null`;
  const there = new Set(rows.map(({ id }) => id));
  // The oldest of more drafts than one may keep are dropped, which is said to whoever uploads.
  const [{ most }] = await rawSql()<{ most: number }[]>`select coalesce(max(n), 0)::int as most from (select count(*) as n from drafts group by user_id) as kept`;
  const broken: string[] = [];
  for (const { id } of drafts) if (!there.has(id) && most < limits.draftsPerStudent) broken.push(`Draft ${id} is gone.`);
  for (const sha256 of new Set(drafts.map((draft) => draft.sha256))) {
    const content = await readArtifact(sha256).catch(() => new Uint8Array());
    if (createHash('sha256').update(content).digest('hex') !== sha256) broken.push(`The content ${sha256} is not what was uploaded.`);
  }
  return { promise: 'no acknowledged upload lost: there, under its SHA-256', times: drafts.length, broken };
}

async function submissionsFinished({ ledger: { submissions } }: Facts): Promise<Checked> {
  const rows = await rawSql()<{ id: string; status: string; sha256: string }[]>`
    select submissions.id, evaluations.status, files -> 0 ->> 'sha256' as sha256 from submissions join evaluations on evaluations.submission_id = submissions.id`;
  const found = new Map(rows.map((row) => [row.id, row]));
  const broken = submissions.flatMap(({ id, sha256 }) => {
    const row = found.get(id);
    if (!row) return [`Submission ${id} is gone.`];
    if (row.status !== 'finished') return [`Submission ${id} is ${row.status}.`];
    return row.sha256 === sha256 ? [] : [`Submission ${id} has another file.`];
  });
  return { promise: 'no acknowledged submission lost: finished, with the file that was sent', times: submissions.length, broken };
}

/** Each draft was submitted under a key of its own, whatever became of the answers. */
async function nothingTwice({ ledger: { submissions, lost, replayed } }: Facts): Promise<Checked> {
  const rows = await rawSql()<{ id: string; draft_id: string }[]>`select id, draft_id from submissions where draft_id is not null`;
  const told = new Map(submissions.map(({ draftId, id }) => [draftId, id]));
  const broken = rows.filter(({ id, draft_id }) => told.get(draft_id) !== id).map(({ id }) => `Submission ${id} was told to nobody.`);
  if (told.size !== submissions.length) broken.push('Two submissions were made of one draft.');
  return { promise: `nothing twice, with ${lost} answers not waited for and ${replayed} given again`, times: rows.length, broken };
}

async function bitsAsUndisturbed({ calm }: Facts): Promise<Checked> {
  const rows = await rawSql()<{ id: string; name: string }[]>`
    select evaluations.id, submissions.name from evaluations join submissions on submissions.id = evaluations.submission_id
    where draft_id is not null and status = 'finished'`;
  const broken: string[] = [];
  let cells = 0;
  for (const { id, name } of rows) {
    const [found, wanted] = [await outcomeOf(id), calm.get(name)!];
    cells += Object.keys(found).length;
    if (JSON.stringify(found) !== JSON.stringify(wanted)) broken.push(`Evaluation ${id} of "${name}" has other cells than an undisturbed run.`);
  }
  return { promise: 'no cell lost or doubled: each bit as in an undisturbed run of the model', times: cells, broken };
}

/** What the site says, what the rows say, and what the student counted. */
async function quotasAgree({ slug, ledger, crowd }: Facts): Promise<Checked> {
  const broken: string[] = [];
  for (const student of crowd) {
    const { attempts, successes, concurrent } = await allowanceOf(student, slug);
    const [{ rows }] = await rawSql()<{ rows: number }[]>`
      select count(*)::int as rows from submissions join evaluations on evaluations.submission_id = submissions.id
      where user_id = ${student.id} and status = 'finished'`;
    const told = ledger.submissions.filter((one) => one.student === student.id).length;
    if (new Set([attempts.used, successes.used, rows, told]).size > 1 || concurrent.used !== 0) {
      broken.push(`The site counts ${attempts.used} attempts, ${successes.used} successes, ${concurrent.used} under way; the rows ${rows}; ${student.name} ${told}.`);
    }
  }
  return { promise: 'every quota consistent: the site, the rows and the student count alike', times: crowd.length, broken };
}

async function nobodyBlamed(): Promise<Checked> {
  const rows = await rawSql()<{ id: string; failure: unknown; limits_met: string[] }[]>`
    select evaluations.id, failure, (select jsonb_agg(distinct met) from shards, jsonb_array_elements_text(limits_met) met where evaluation_id = evaluations.id) as limits_met
    from evaluations`;
  const broken = rows.filter((row) => row.failure !== null || row.limits_met !== null).map((row) => `Evaluation ${row.id}: ${JSON.stringify(row)}`);
  return { promise: 'no model blamed, no limit held against one, nothing given up', times: rows.length, broken };
}

/** What may not be there when nothing is under way. */
async function nothingLeftOver(): Promise<Checked> {
  const sql = rawSql();
  const leftovers = {
    'parts of evaluations that have ended': sql`select count(*)::int as n from parts`,
    'shards that are not done': sql`select count(*)::int as n from shards where status <> 'done'`,
    'keys without an answer': sql`select count(*)::int as n from idempotency_keys where status is null`,
    'contents without all their bytes': sql`
      select count(*)::int as n from artifacts
      where bytes <> (select coalesce(sum(octet_length(content)), 0) from artifact_chunks where artifact_chunks.sha256 = artifacts.sha256)`,
    'finished evaluations without each trial’s cell': sql`
      select count(*)::int as n from evaluations where status = 'finished'
        and (select count(*) from cells where evaluation_id = evaluations.id) <> jsonb_array_length(protocol -> 'trials')`,
    'ended evaluations without a rank that should have one': sql`
      select count(*)::int as n from (select user_id from submissions where draft_id is not null group by user_id) as people
      where not exists (select 1 from ranks join submissions on submissions.id = ranks.submission_id where submissions.user_id = people.user_id)`,
    'jobs that nobody does': sql`select count(*)::int as n from graphile_worker.jobs where locked_by is not null or task_identifier like 'evaluate-shard%'`,
  };
  const broken: string[] = [];
  for (const [what, count] of Object.entries(leftovers)) {
    const [{ n }] = await count;
    if (n > 0) broken.push(`There are ${n} ${what}.`);
  }
  return { promise: 'nothing left behind: no shard running for ever, no orphan', times: Object.keys(leftovers).length, broken };
}
