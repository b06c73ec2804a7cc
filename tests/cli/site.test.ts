// The commands that talk to a site, against the real API: logging in, submitting, looking, cancelling, exporting.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { rawSql } from '../../lib/db/client.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { serve, type Served } from '../api/server.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { gauntlet } from './command.ts';

const home = await vi.hoisted(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
  return (process.env.XDG_CONFIG_HOME = mkdtempSync(`${tmpdir()}/gauntlet-config-`));
});
const file = join(home, 'gauntlet', 'credentials.json');
const model = fileURLToPath(new URL('../reference/gradients/linear.onnx', import.meta.url));

let fresh: FreshDatabase;
let site: Served;
let slug: string;
let [student, teacher]: Viewer[] = [];
let [token, teacherToken] = ['', ''];
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, teacher] = [await person(), await person('instructor')];
  const challenge = await challengeOf(protocol, teacher);
  slug = challenge.slug;
  [token, teacherToken] = await Promise.all([student, teacher].map(async (one) => (await createToken(one, 'test')).secret));
  await evaluated(student, challenge.id, { mixed: 360, clean: 380, 'mixed+shift': 361 }, { name: 'older, better' });
  await evaluated(await person(), challenge.id, { mixed: 100, clean: 200, 'mixed+shift': 90 }, { name: '=cmd()' });
  const [phase] = await rawSql()`select id from phases where kind = 'public'`;
  await rankPhase(phase.id as string);
  site = await serve();
}, 180_000);
afterAll(async () => {
  await site.close();
  await fresh.drop();
  await rm(home, { recursive: true, force: true });
});

test('login checks the token, keeps it for its owner alone, and the other commands need no more', async () => {
  expect(await gauntlet('status')).toMatchObject({ code: 4, err: expect.stringContaining('gauntlet login') });
  expect(await gauntlet('login', site.url, '--token', 'gnt_wrong')).toMatchObject({ code: 4, err: expect.stringContaining('not valid') });
  const { code, out } = await gauntlet('login', `${site.url}/challenges`, '--token', token);
  expect({ code, out }).toEqual({ code: 0, out: `Logged in to ${site.url} as ${student.name}; the token may read, submit, manage. It is kept in ${file}.\n` });
  expect(out).not.toContain(token);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ default: site.url, sites: { [site.url]: { token, name: student.name } } });
});

test('login takes the token from standard input, and never says it', async () => {
  // Apart, since it waits for its input; it is refused, because this process cannot answer it meanwhile.
  const words = [fileURLToPath(new URL('../../lib/cli/gauntlet.mjs', import.meta.url)), 'login', 'http://127.0.0.1:9'];
  const { status, stderr, stdout } = spawnSync(process.execPath, words, { input: 'gnt_typed\n', encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  expect(stderr).toContain('API token, made on http://127.0.0.1:9/account: ');
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).not.toContain('gnt_typed');
}, 90_000);

test('submit, status and cancel with the stored login', async () => {
  const submitted = await gauntlet('submit', model, '--name', 'from here');
  expect(submitted).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`^Submitted as "from here": ${site.url}/submissions/[0-9a-f-]{36}\n$`)) });
  const id = submitted.out.trim().slice(-36);

  const all = await gauntlet('status');
  expect(all.out).toMatch(/from here +│ c-\w+ +│ queued/);
  expect(all.out).toMatch(/older, better +│ c-\w+ +│ finished +│ 90\.00 % +│ +│ 95\.00 %/);
  expect(all.out).not.toContain('=cmd()');
  expect(JSON.parse((await gauntlet('status', '--json', '--limit', '1')).out)).toMatchObject({ items: [{ submissionId: id, status: 'queued' }], next: expect.any(String) });

  const one = await gauntlet('status', id);
  expect(one.out).toContain(`"from here" in ${slug}: queued`);
  expect(await gauntlet('cancel', id)).toMatchObject({ code: 0, out: expect.stringContaining('is cancelled') });
  expect((await gauntlet('status', id, '--watch')).out).toContain(`in ${slug}: cancelled`);
  expect(await gauntlet('status', '5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f')).toMatchObject({ code: 1, err: expect.stringContaining('no submission') });
  expect(await gauntlet('status', '--all', '--challenge', slug)).toMatchObject({ code: 1, err: expect.stringContaining('staff') });
}, 90_000);

test('board is for everybody, with what is one’s own marked and nothing that a terminal would obey', async () => {
  await rawSql()`update submissions set name = ${'=cmd()\x1b[2J'} where name = '=cmd()'`;
  const { code, out } = await gauntlet('board');
  expect(code).toBe(0);
  expect(out).toMatch(/│ +1 │ older, better \* │/);
  expect(out).toMatch(/│ +2 │ =cmd\(\)\[2J +│ student/);
  expect(out).not.toContain('\x1b');
  expect(JSON.parse((await gauntlet('board', slug, '--json', '--limit', '1')).out)).toMatchObject({ total: 2, rows: [{ name: 'older, better', mine: true }] });
  expect((await gauntlet('board', slug, '--phase', 'final')).out).toContain('Nobody stands on the final board');
  expect(await gauntlet('board', 'nowhere')).toMatchObject({ code: 1, err: expect.stringContaining('nowhere') });
});

test('export writes what the site makes, for staff, with formulas made harmless', async () => {
  const folder = mkdtempSync(join(home, 'out-'));
  const out = join(folder, 'board.csv');
  expect(await gauntlet('export', 'board', '-o', out)).toMatchObject({ code: 1, err: expect.stringContaining('staff') });
  const exported = await gauntlet('export', 'board', '-o', out, '--token', teacherToken);
  expect(exported).toMatchObject({ code: 0, out: expect.stringContaining(out) });
  const text = await readFile(out, 'utf8');
  expect(text.charCodeAt(0)).toBe(0xfeff);
  expect(text).toContain(student.name);
  expect(text).toContain("'=cmd()");
  expect(await gauntlet('export', 'grades', '--token', teacherToken, '-o', join(folder, 'g.csv'))).toMatchObject({ code: 1, err: expect.stringContaining('rule') });
  expect(await gauntlet('export', 'board', '--as', 'moodle')).toMatchObject({ code: 1, err: expect.stringContaining('csv or json') });
});

test('several sites are kept beside each other; logout forgets one', async () => {
  const other = site.url.replace('127.0.0.1', 'localhost');
  expect(await gauntlet('login', other, '--token', teacherToken, '--no-default')).toMatchObject({ code: 0 });
  expect((await gauntlet('status')).out).toContain('older, better');
  expect((await gauntlet('status', '--all', '--challenge', slug, '--url', other)).out).toContain('=cmd()');
  expect(await gauntlet('logout')).toMatchObject({ code: 0, out: expect.stringContaining('stays valid') });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ default: other, sites: { [other]: { name: teacher.name } } });
  expect(await gauntlet('logout', 'https://elsewhere.example')).toMatchObject({ code: 1, err: expect.stringContaining(other) });
  expect((await gauntlet('logout', '--all')).code).toBe(0);
  expect(await gauntlet('status')).toMatchObject({ code: 4 });
});
