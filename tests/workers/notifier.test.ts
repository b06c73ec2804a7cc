// A real worker started with --notifications: evaluates, then mails and calls what is to be told, and keeps its secrets from its children.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { startMailServer, type MailServer } from '../notifications/mail-server.ts';
import { setSite } from '../notifications/stage.ts';
import { childrenOf, startWorkerProcess, type WorkerProcess } from './processes.ts';

const server: MailServer = await startMailServer();
setSite({ SMTP_URL: server.url, MAIL_FROM: 'gauntlet@gauntlet.test', WEBHOOKS_TO_LOOPBACK: 'allowed' });
const { createWebhook } = await import('../../lib/notifications/webhooks.ts');
const { preferencesOf, setPreferences } = await import('../../lib/notifications/preferences.ts');
const { freshDatabase } = await import('../database.ts');
const { challengeOf, enrol, submit } = await import('../evaluations/stage.ts');
const { reachable } = await import('../notifications/stage.ts');

const protocol: Protocol = { name: 'clean', images: { split: 'test', first: 64 }, trials: [{ kind: 'clean' }] };
const patient = { timeout: 60_000, interval: 50 };

const calls: { id: string; type: string }[] = [];
const receiver = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    calls.push({ id: String(request.headers['webhook-id']), type: JSON.parse(body).type });
    response.end();
  });
});
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let worker: WorkerProcess | undefined;
beforeAll(async () => {
  fresh = await freshDatabase();
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  worker?.process.kill('SIGTERM');
  await worker?.left;
  receiver.close();
  await server.stop();
  await fresh.drop();
});

test('an evaluation that ends reaches its student by mail and webhook, once each, and no secret gets out', async () => {
  const student = await reachable();
  await setPreferences(student, { ...preferencesOf({}).email, 'evaluation-finished': true });
  await createWebhook(student, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, ['evaluation-finished']);
  const challenge = await challengeOf(protocol);
  await enrol(student, challenge.id);
  const { submissionId } = await submit(student, challenge.id);

  worker = await startWorkerProcess(fresh.url, 'notifier', ['--notifications']);
  // Its evaluators; a process that has just been split off still shows what it was split from.
  const children = childrenOf(worker.process.pid!).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--input-type=module'));
  expect(children).not.toEqual([]);
  for (const child of children) expect(readFileSync(`/proc/${child}/environ`, 'utf8')).not.toMatch(/SMTP|letterbox|NEXTAUTH|DATABASE/);
  await expect.poll(() => [server.letters.length, calls.length], patient).toEqual([1, 1]);
  const [{ to, headers, text }] = server.letters;
  expect(to).toEqual([student.email]);
  expect(headers.get('subject')).toBe('a model: evaluated');
  expect(text).toContain(`https://gauntlet.test/submissions/${submissionId}`);
  expect(calls[0].type).toBe('evaluation-finished');
  await expect.poll(() => worker!.output(), patient).toContain('a webhook answered 200');
  const line = worker.output().split('\n').find((one) => one.includes('a webhook answered 200'))!;
  expect(JSON.parse(line)).toMatchObject({ job: expect.stringMatching(/^\d+$/), task: 'deliver-webhook', webhook: expect.any(String) });
  expect(worker.output()).not.toMatch(/letterbox|a-secret-of-thirty-two|whsec_/);
}, 120_000);

test('a worker told to send what it cannot link to does not start, and says what is missing', async () => {
  vi.stubEnv('NEXTAUTH_URL', '').stubEnv('NEXTAUTH_SECRET', '').resetModules();
  const { startWorker } = await import('../../workers/supervisor.ts');
  const start = startWorker({ name: 'mute', concurrency: 1, dataDirectory: '/nowhere', notifications: true });
  await expect(start).rejects.toThrow('--notifications needs NEXTAUTH_URL and NEXTAUTH_SECRET');
});
