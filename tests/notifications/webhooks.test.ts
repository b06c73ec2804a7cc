// Webhooks against a real receiver: signed, retried, sent to the very address that was checked, and never into a private network.
import { createHmac } from 'node:crypto';
import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { clear, notificationsOf, reachable, setSite, waiting } from './stage.ts';

setSite({ WEBHOOKS_TO_LOOPBACK: 'allowed' });
const { database } = await import('../../lib/db/client.ts');
const { webhooks } = await import('../../lib/db/schema.ts');
const { deliverNotifications } = await import('../../lib/notifications/deliver.ts');
const { deliverWebhook } = await import('../../lib/notifications/deliver-webhook.ts');
const { notify } = await import('../../lib/notifications/notify.ts');
const { postWebhook } = await import('../../lib/notifications/post-webhook.ts');
const { newWebhookSecret } = await import('../../lib/notifications/webhook-signature.ts');
const { createWebhook, deleteWebhook, enableWebhook, listWebhooks, testWebhook } = await import('../../lib/notifications/webhooks.ts');
const { freshDatabase } = await import('../database.ts');

type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
const received: Received[] = [];
let answer = (response: ServerResponse): unknown => response.end('thanks');
const receiver = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    received.push({ method: request.method!, path: request.url!, headers: request.headers, body });
    answer(response);
  });
});

let db: Awaited<ReturnType<typeof freshDatabase>>;
let port: number;
let address: string;
beforeAll(async () => {
  db = await freshDatabase();
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  port = (receiver.address() as AddressInfo).port;
  address = `http://127.0.0.1:${port}/hook?of=me`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await db.drop();
});
beforeEach(async () => {
  received.length = 0;
  answer = (response) => response.end('thanks');
  for (const task of ['deliver-notifications', 'deliver-webhook']) await clear(task);
});

const status = (code: number, headers = {}) => (response: ServerResponse) => response.writeHead(code, headers).end();

/** Notes an event for somebody and returns the deliveries that come of it. */
async function event(viewer: { id: string }, subjectId: string = crypto.randomUUID()) {
  const payload = { challenge: { slug: 'c', title: 'C' }, title: 'Hello', body: 'all', author: 'Ines' };
  await database().transaction((tx) => notify(tx, 'announcement', { users: [viewer.id], subjectId, payload }));
  for (const job of await waiting('deliver-notifications')) await deliverNotifications(job.payload.notificationIds);
  await clear('deliver-notifications');
  return waiting('deliver-webhook');
}

describe('a delivery', () => {
  test('is a POST of JSON that its receiver can check by the Standard Webhooks signature', async () => {
    const one = await reachable();
    const { secret, id } = await createWebhook(one, address, ['announcement']);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [{ payload }] = await event(one);
    await deliverWebhook(payload);
    const [{ method, path, headers, body }] = received;
    expect({ method, path }).toEqual({ method: 'POST', path: '/hook?of=me' });
    expect(JSON.parse(body)).toMatchObject({
      type: 'announcement',
      text: 'C: Hello\nhttps://gauntlet.test/challenges/c',
      data: { title: 'Hello', url: 'https://gauntlet.test/challenges/c' },
    });
    const [{ id: notification }] = await notificationsOf(one);
    expect(headers['webhook-id']).toBe(`msg_${notification}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const wanted = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${wanted}`);
    expect(await listWebhooks(one)).toMatchObject([{ id, enabled: true, failures: 0, last: { outcome: 'answered 200' } }]);
    expect(JSON.stringify(await listWebhooks(one))).not.toContain(secret);
  });

  test('is made for the kinds asked for alone, and not while the webhook is off', async () => {
    const one = await reachable();
    const { id } = await createWebhook(one, address, ['evaluation-failed']);
    expect(await event(one)).toEqual([]);
    const other = await createWebhook(one, address, ['announcement']);
    await enableWebhook(one, other.id, false);
    expect(await event(one)).toEqual([]);
    await enableWebhook(one, other.id, true);
    const [{ payload }] = await event(one);
    expect(payload.webhookId).toBe(other.id);
    await deleteWebhook(one, other.id);
    await deliverWebhook(payload);
    expect(received).toEqual([]);
    expect((await listWebhooks(one)).map((hook) => hook.id)).toEqual([id]);
  });

  test('that fails is tried again over hours under the same id, and then given up', async () => {
    const one = await reachable();
    await createWebhook(one, address, ['announcement']);
    answer = status(503);
    const waits: number[] = [];
    let [{ payload }] = await event(one);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await clear('deliver-webhook');
      await deliverWebhook(payload);
      const [next] = await waiting('deliver-webhook');
      if (next) waits.push(Math.round((next.runAt.getTime() - Date.now()) / 1000));
      payload = next?.payload;
    }
    expect(payload).toBeUndefined();
    expect(waits).toEqual([10, 300, 3600, 18_000]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(received).toHaveLength(5);
    const last = { outcome: 'answered 503; wanted is 200 to 299, given up' };
    expect(await listWebhooks(one)).toMatchObject([{ enabled: true, failures: 1, last }]);
  });

  test('that fails ten times in a row switches its webhook off with a note; one that works starts the count anew', async () => {
    const one = await reachable();
    const { id } = await createWebhook(one, address, ['announcement']);
    const [{ payload }] = await event(one);
    const last = { ...payload, attempt: 5 };
    await database().update(webhooks).set({ failures: 9 }).where(eq(webhooks.id, id));
    await deliverWebhook(last);
    expect(await listWebhooks(one)).toMatchObject([{ enabled: true, failures: 0 }]);
    answer = status(500);
    await database().update(webhooks).set({ failures: 9 }).where(eq(webhooks.id, id));
    await deliverWebhook(last);
    const outcome = 'answered 500; wanted is 200 to 299, 10 times in a row, so this webhook was switched off';
    expect(await listWebhooks(one)).toMatchObject([{ enabled: false, failures: 10, last: { outcome } }]);
  });

  test('to a receiver that is gone (410) switches the webhook off at once', async () => {
    const one = await reachable();
    await createWebhook(one, address, ['announcement']);
    answer = status(410);
    const [{ payload }] = await event(one);
    await clear('deliver-webhook');
    await deliverWebhook(payload);
    expect(await listWebhooks(one)).toMatchObject([{ enabled: false, last: { outcome: expect.stringMatching(/410.*switched off/) } }]);
    expect(await waiting('deliver-webhook')).toEqual([]);
  });
});

describe('the connection', () => {
  const hook = () => ({ url: `http://hooks.example.test:${port}/`, secret: newWebhookSecret() });
  const message = { id: 'msg_1', body: '{}' };
  const refused = { ok: false, outcome: expect.stringContaining('not on the public internet') };

  test('goes to the address that was checked, also when the name server says another one the next time', async () => {
    const resolve = vi.fn()
      .mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
      .mockResolvedValue([{ address: '10.0.0.1', family: 4 }]);
    expect(await postWebhook(hook(), message, resolve)).toMatchObject({ ok: true, outcome: 'answered 200' });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(received[0].headers.host).toBe(`hooks.example.test:${port}`);
    expect(await postWebhook(hook(), message, resolve)).toMatchObject(refused);
    expect(received).toHaveLength(1);
  });

  test('is refused when any one of the addresses is private', async () => {
    const both = async () => [{ address: '127.0.0.1', family: 4 }, { address: 'fd00::1', family: 6 }];
    expect(await postWebhook(hook(), message, both)).toMatchObject(refused);
    expect(received).toEqual([]);
  });

  test('names the host to a TLS server, and takes no server that cannot prove its name', async () => {
    const names: string[] = [];
    const server = tls.createServer({ SNICallback: (name, done) => (names.push(name), done(null)) });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `https://hooks.example.test:${(server.address() as AddressInfo).port}/`;
    const outcome = await postWebhook({ ...hook(), url }, message, async () => [{ address: '127.0.0.1', family: 4 }]);
    expect(outcome).toMatchObject({ ok: false, outcome: expect.stringContaining('could not be reached') });
    expect(names).toEqual(['hooks.example.test']);
    server.close();
  });

  test('follows no redirect', async () => {
    answer = status(302, { Location: `http://127.0.0.1:${port}/elsewhere` });
    const outcome = 'answered 302; redirects are not followed, so give the address it leads to';
    expect(await postWebhook({ ...hook(), url: address }, message)).toMatchObject({ ok: false, outcome });
    expect(received).toHaveLength(1);
  });

  test('ends after three seconds, and does not wait for the end of a long answer', async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write(Buffer.alloc(32 * 1024)), 1);
      response.on('close', () => clearInterval(more));
    };
    expect(await postWebhook({ ...hook(), url: address }, message)).toMatchObject({ ok: true });
    answer = () => {};
    const begun = Date.now();
    expect(await postWebhook({ ...hook(), url: address }, message)).toEqual({ ok: false, gone: false, outcome: 'no answer within 3 s' });
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});

describe('the verbs', () => {
  test('are for the owner alone', async () => {
    const [one, other] = [await reachable(), await reachable()];
    const { id } = await createWebhook(one, address, ['announcement']);
    expect(await listWebhooks(other)).toEqual([]);
    for (const act of [deleteWebhook, testWebhook, (viewer: Viewer, hook: string) => enableWebhook(viewer, hook, false)]) {
      await expect(act(other, id)).rejects.toMatchObject({ status: 404 });
      await expect(act(one, 'x')).rejects.toMatchObject({ status: 404 });
    }
    for (const act of [listWebhooks, () => createWebhook(null, address, []), () => deleteWebhook(null, id), () => testWebhook(null, id)]) {
      await expect(act(null)).rejects.toMatchObject({ status: 401 });
    }
  });

  test('take at most five webhooks a person, also at once, and only kinds there are', async () => {
    const one = await reachable();
    await expect(createWebhook(one, address, [])).rejects.toMatchObject({ status: 400 });
    await expect(createWebhook(one, address, ['announcement', 'gossip'])).rejects.toMatchObject({ status: 400 });
    const made = await Promise.allSettled(Array.from({ length: 7 }, () => createWebhook(one, address, ['announcement'])));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(5);
    expect(made.find((one) => one.status === 'rejected')).toMatchObject({ reason: { status: 409 } });
  });

  test('send a signed test at once and note how it went', async () => {
    const one = await reachable();
    const { id } = await createWebhook(one, address, ['announcement']);
    expect(await testWebhook(one, id)).toMatchObject({ ok: true });
    expect(received[0].headers['webhook-signature']).toMatch(/^v1,/);
    expect(JSON.parse(received[0].body)).toMatchObject({ type: 'test', data: {} });
    expect(await listWebhooks(one)).toMatchObject([{ last: { outcome: 'test: answered 200' } }]);
  });
});
