// The lines that the API's page shows, run as they stand against the real API.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { curlSnippet, pythonSnippet } from '../../lib/api/snippets.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import { baselines, readBaseline } from '../../lib/baselines/index.ts';
import { rawSql } from '../../lib/db/client.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { serve, type Served } from './server.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
});

const has = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;
const withRequests = has('python3', '-c', 'import requests');
const withCurl = has('curl', '--version');

let fresh: FreshDatabase;
let site: Served;
let folder: string;
let slug: string;
let GAUNTLET_TOKEN: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  const challenge = await challengeOf(protocol);
  slug = challenge.slug;
  // Its score stands for that of what the snippets submit: no worker runs here.
  await evaluated(await person(), challenge.id, { mixed: 360, clean: 380, 'mixed+shift': 361 });
  GAUNTLET_TOKEN = (await createToken(await person(), 'snippet', { scopes: ['read', 'submit'] })).secret;
  site = await serve();
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-snippets-'));
  await writeFile(join(folder, 'model.onnx'), await readBaseline(baselines.find(({ file }) => file === 'linear.onnx')!.file));
}, 180_000);
afterAll(async () => {
  await site.close();
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

type Ran = { code: number | null; out: string };
function run(command: string, words: string[], heard: (out: string) => void = () => {}): Promise<Ran> {
  const child = spawn(command, words, { cwd: folder, env: { ...process.env, GAUNTLET_TOKEN, PYTHONUNBUFFERED: '1', NO_PROXY: '127.0.0.1' } });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => heard((out += chunk.toString())));
  return new Promise((ended) => child.on('close', (code) => ended({ code, out })));
}

async function finish(id: string): Promise<void> {
  await rawSql()`delete from shards where evaluation_id in (select id from evaluations where submission_id = ${id})`;
  await rawSql()`update evaluations set status = 'finished', finished_at = now(),
    score = (select score from evaluations where score is not null limit 1) where submission_id = ${id}`;
}

test.runIf(withRequests)('Python with requests: uploads, submits and waits for the score', async () => {
  await writeFile(join(folder, 'submit.py'), pythonSnippet(site.url, slug));
  let finishing: Promise<void> | undefined;
  const { code, out } = await run('python3', ['submit.py', 'model.onnx'], (said) => {
    const [, id] = /\/submissions\/([0-9a-f-]{36})\s/.exec(said) ?? [];
    if (id) finishing ??= finish(id);
  });
  await finishing;
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/finished \{'mixed': \{'value': 0\.9,/) });

  await writeFile(join(folder, 'no-model.onnx'), 'import torch\n');
  const refused = await run('python3', ['submit.py', 'no-model.onnx']);
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('torch.onnx.export') });
}, 120_000);

test.runIf(withCurl)('curl: uploads, submits and looks', async () => {
  const [upload, submit, look] = curlSnippet(site.url, slug).replaceAll('\\\n', '').trim().split('\n');
  const draft = JSON.parse((await run('sh', ['-c', upload])).out) as { id: string };
  const submitted = JSON.parse((await run('sh', ['-c', submit.replace('DRAFT', draft.id).replace('$(uuidgen)', crypto.randomUUID())])).out) as { submissionId: string };
  expect(JSON.parse((await run('sh', ['-c', look.replace('SUBMISSION', submitted.submissionId)])).out)).toMatchObject({ name: 'from curl', status: 'queued' });
}, 120_000);
