// A course is dumped, dropped and restored: every row is the one that was, and what waited goes on.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, rawSql } from '../../lib/db/client.ts';
import { backup } from '../../lib/db/backup.ts';
import { restore } from '../../lib/db/restore.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person, submit } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let folder: string;
let file: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-backup-'));
  file = join(folder, 'course.backup');
});
afterAll(async () => {
  await fresh.drop();
  await rm(folder, { recursive: true });
});

const server = () => inject('postgresUrl').replace(/\/[^/]*$/, '/postgres');

async function administer(statement: string): Promise<void> {
  const client = postgres(server(), { max: 1, onnotice: () => {} });
  await client.unsafe(statement).finally(() => client.end());
}

/** A new, empty database; it goes when `use` has ended. */
async function withEmpty(use: (url: string) => Promise<void>): Promise<void> {
  const name = `test_${randomUUID().slice(0, 8)}`;
  await administer(`create database ${name}`);
  await use(server().replace(/\/[^/]*$/, `/${name}`)).finally(() => administer(`drop database ${name} with (force)`));
}

/** Of every table, how many rows and a hash of them all, whatever their order. */
async function contents(url: string): Promise<Record<string, string>> {
  const client = postgres(url, { max: 1 });
  try {
    const tables = await client`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname = 'public' or schemaname = 'graphile_worker' and tablename like '\\_private\\_%' order by 1`;
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const [row] = await client.unsafe(`select count(*)::text || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash from ${name} t`);
      found[name] = row.hash;
    }
    return found;
  } finally {
    await client.end();
  }
}

test('dump, drop, restore: scores, ranks, people and the queue are identical', { timeout: 60_000 }, async () => {
  const challenge = await challengeOf(protocol);
  const [phase] = await rawSql()`select id from phases where challenge_id = ${challenge.id} and kind = 'public'`;
  const entered: [Viewer, string][] = [];
  for (const mixed of [360, 320, 280]) {
    const student = await person();
    entered.push([student, (await evaluated(student, challenge.id, { mixed, clean: 380, 'mixed+shift': 300 })).submissionId]);
  }
  await rankPhase(phase.id);
  await submit(await person(), challenge.id);
  const before = await contents(fresh.url);
  expect(Number(before['public.cells'].split(' ')[0])).toBe(9);
  expect(Number(before['graphile_worker._private_jobs'].split(' ')[0])).toBeGreaterThan(0);

  // What a person is shown of it, and the outcome of every image.
  const seen = async () => ({
    board: await board(null, challenge.slug, 'public'),
    submissions: await Promise.all(entered.map(([student, id]) => getSubmission(student, id))),
    bits: await rawSql()`select evaluation_id, trial_id, correct_bits, predictions from cells order by 1, 2`,
  });
  const shown = await seen();

  const { bytes, tables } = await backup(fresh.url, file);
  expect((await stat(file)).size).toBe(bytes);
  expect((await stat(file)).mode & 0o077, 'nobody else reads it').toBe(0);
  expect(tables).toBe(Object.keys(before).length);
  // Lost, and made anew under the name that DATABASE_URL has.
  await disconnect();
  const name = new URL(fresh.url).pathname.slice(1);
  await administer(`drop database ${name} with (force)`);
  await administer(`create database ${name}`);
  connect(fresh.url);
  await restore(fresh.url, file);
  expect(await contents(fresh.url)).toEqual(before);
  expect(await seen()).toEqual(shown);
  // Ranked from the restored cells, the board is the same.
  await rankPhase(phase.id);
  expect((await seen()).board).toEqual(shown.board);
  await withEmpty(async (url) => {
    await restore(url, file);
    const client = postgres(url, { max: 1 });
    // What counts goes on counting behind what is there, and the rules hold as before.
    await client`select graphile_worker.add_job('new', '{}')`;
    await expect(client`update cells set correct = total + 1`).rejects.toThrow('violates check constraint');
    const [{ version }] = await client`select version from board_versions where challenge_id = ${challenge.id}`;
    await client`update submissions set late = true`;
    const [later] = await client`select version from board_versions where challenge_id = ${challenge.id}`;
    expect(Number(later.version)).toBe(Number(version) + 1);
    await client.end();
  });
});

test('work that ran when the backup was made waits to be run again', { timeout: 60_000 }, async () => {
  await rawSql()`update shards set status = 'running', worker_id = ${randomUUID()}, started_at = now() where status = 'queued'`;
  await rawSql()`update graphile_worker._private_jobs set locked_by = 'gone', locked_at = now()`;
  await backup(fresh.url, file);
  await withEmpty(async (url) => {
    await restore(url, file);
    const client = postgres(url, { max: 1 });
    expect(await client`select 1 from shards where status = 'running'`).toEqual([]);
    expect(await client`select 1 from graphile_worker.jobs where locked_by is not null`).toEqual([]);
    await client.end();
  });
});

test('a database with people in it, a cut file and another file are refused, and leave nothing behind', { timeout: 60_000 }, async () => {
  await expect(restore(fresh.url, file)).rejects.toThrow('The database is not empty');
  const whole = await readFile(file);
  const [cut, other] = [join(folder, 'cut'), join(folder, 'other')];
  await writeFile(cut, whole.subarray(0, whole.length - 2000));
  await writeFile(other, 'select 1;');
  await withEmpty(async (url) => {
    await expect(restore(url, cut)).rejects.toThrow('cut off');
    await expect(restore(url, other)).rejects.toThrow('no backup that `gauntlet backup` wrote');
    const client = postgres(url, { max: 1 });
    const [{ people }] = await client`select count(*)::int as people from users`;
    expect(people).toBe(0);
    await client.end();
    await restore(url, file);
  });
});
