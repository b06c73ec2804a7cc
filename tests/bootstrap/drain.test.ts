// The built site is asked to stop: what is under way ends or is refused, streams close, nothing is acknowledged and lost.
import http, { Agent } from 'node:http';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../../lib/auth/tokens.ts';
import { database } from '../../lib/db/client.ts';
import { artifacts, drafts } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { startWeb, type Web } from '../e2e/bare-site.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let token: string;
let model: Buffer;
const started: Web[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  challenge = await challengeOf(protocol);
  token = (await createToken(await enrol(await person(), challenge.id), 'for draining')).secret;
  model = await readFile('lib/baselines/linear.onnx');
});
afterAll(async () => {
  for (const web of started) process.kill(-web.pid, 'SIGKILL');
  await fresh?.drop();
});

async function site(drainSeconds: number): Promise<Web> {
  const web = await startWeb(fresh.url, () => ({ NEXTAUTH_SECRET: 'x'.repeat(40), DRAIN_SECONDS: String(drainSeconds) }));
  started.push(web);
  void web.exited.then(() => started.splice(started.indexOf(web), 1));
  return web;
}

type Upload = { request: http.ClientRequest; finish(): void; answered: Promise<{ status: number; connection?: string; id: string } | 'cut'> };

/** Sends half of an upload; resolves when the server has begun to read it. */
async function upload(web: Web): Promise<Upload> {
  const line = '--part\r\nContent-Disposition: form-data; name=';
  const head = `${line}"challenge"\r\n\r\n${challenge.slug}\r\n${line}"model"; filename="model.onnx"\r\n\r\n`;
  const request = http.request(`${web.url}/api/v1/drafts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'multipart/form-data; boundary=part', Expect: '100-continue' },
  });
  const answered = new Promise<Awaited<Upload['answered']>>((done) => {
    request.on('error', () => done('cut'));
    request.on('response', async (response) => {
      let body = '';
      for await (const piece of response) body += String(piece);
      done({ status: response.statusCode!, connection: response.headers.connection, id: JSON.parse(body).id });
    });
  });
  await new Promise<void>((begun) => request.once('continue', begun).flushHeaders());
  request.write(Buffer.concat([Buffer.from(head), model.subarray(0, model.length / 2)]));
  const finish = () => void request.end(Buffer.concat([model.subarray(model.length / 2), Buffer.from('\r\n--part--\r\n')]));
  return { request, finish, answered };
}

const refused = (web: Web) =>
  expect.poll(() => fetch(`${web.url}/api/health`).then(() => 'taken', (error) => (error.cause as NodeJS.ErrnoException).code), { timeout: 10_000 }).toBe('ECONNREFUSED');

test('an upload under way is finished and acknowledged, streams of events end, and the process leaves with 0', { timeout: 120_000 }, async () => {
  const web = await site(60);
  const events = await fetch(`${web.url}/api/v1/challenges/${challenge.slug}/events`);
  const reader = events.body!.getReader();
  expect(Buffer.from((await reader.read()).value!).toString()).toContain('event: board');
  // A browser keeps its connection for the next page; nobody may have to wait for that.
  const idle = new Agent({ keepAlive: true });
  await new Promise((answered) => http.get(`${web.url}/api/health`, { agent: idle }, (response) => response.resume().on('end', answered)));
  const slow = await upload(web);

  process.kill(web.pid, 'SIGTERM');
  // Ctrl-C comes from the terminal, from npm and from tsx: at once it is still one asking.
  process.kill(web.pid, 'SIGINT');
  await refused(web);
  for (let ended = false; !ended; ended = (await reader.read()).done);

  slow.finish();
  const answer = await slow.answered;
  expect(answer).toMatchObject({ status: 201, connection: 'close' });
  expect(await web.exited).toBe('exit code 0');
  const rows = await database().select({ id: drafts.id }).from(drafts);
  expect(rows).toEqual([{ id: (answer as { id: string }).id }]);
  idle.destroy();
});

test('an upload that does not end in time is cut without an acknowledgement and leaves nothing', { timeout: 120_000 }, async () => {
  const [before, stored] = [await database().$count(drafts), await database().$count(artifacts)];
  const web = await site(1);
  const slow = await upload(web);
  process.kill(web.pid, 'SIGTERM');
  expect(await slow.answered).toBe('cut');
  expect(await web.exited).toBe('exit code 0');
  expect([await database().$count(drafts), await database().$count(artifacts)]).toEqual([before, stored]);
});

test('asked again it ends at once, with code 1', { timeout: 120_000 }, async () => {
  const web = await site(3600);
  const slow = await upload(web);
  const insist = setInterval(() => started.includes(web) && process.kill(web.pid, 'SIGTERM'), 200);
  expect(await web.exited).toBe('exit code 1');
  clearInterval(insist);
  expect(await slow.answered).toBe('cut');
});
