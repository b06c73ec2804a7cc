// The API as a script uses it: upload, submit, look; refusals with their status; and uploads that break off.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GET as boardEvents } from '../../app/api/v1/challenges/[slug]/events/route.ts';
import { GET as leaderboard } from '../../app/api/v1/challenges/[slug]/leaderboard/route.ts';
import { POST as draft } from '../../app/api/v1/drafts/route.ts';
import { GET as submission } from '../../app/api/v1/submissions/[id]/route.ts';
import { GET as events } from '../../app/api/v1/submissions/[id]/events/route.ts';
import { POST as submit } from '../../app/api/v1/submissions/route.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import { getChallenge as challengeFound } from '../../lib/challenges/challenges.ts';
import { database } from '../../lib/db/client.ts';
import { notifyProgress } from '../../lib/evaluations/progress.ts';
import { limits } from '../../lib/limits.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let token: string;
let other: string;
let slug: string;
let model: Buffer<ArrayBuffer>;
beforeAll(async () => {
  fresh = await freshDatabase();
  slug = (await challengeOf(protocol)).slug;
  token = (await createToken(await person(), 'test')).secret;
  other = (await createToken(await person(), 'test')).secret;
  model = Buffer.from(await readFile('lib/baselines/linear.onnx'));
});
afterAll(() => fresh.drop());

const address = 'http://gauntlet.test/api/v1';
const bearer = (of: string) => ({ authorization: `Bearer ${of}` });
const params = <T>(value: T) => ({ params: Promise.resolve(value) });

function upload(
  fields: Record<string, string>,
  files: Record<string, Buffer<ArrayBuffer>>,
  by: Record<string, string> = bearer(token),
): Request {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const [name, bytes] of Object.entries(files)) body.append('files', new Blob([bytes]), name);
  return new Request(`${address}/drafts`, { method: 'POST', headers: by, body });
}
const posted = (body: unknown, by: string) =>
  new Request(`${address}/submissions`, {
    method: 'POST',
    headers: { ...bearer(by), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('from upload to submission', () => {
  let draftId: string;
  let submissionId: string;

  test('an upload answers with what was received and what was found', async () => {
    const response = await draft(upload({ challenge: slug }, { 'linear.onnx': model }));
    expect(response.status).toBe(201);
    const body = await response.json();
    expect(body).toMatchObject({
      files: [{ name: 'linear.onnx', bytes: model.length }],
      report: { parameters: 7850, layout: 'N,1,28,28' },
    });
    draftId = body.id;
  });

  test('the scaling reaches the model', async () => {
    const scaling = { scale: 255, mean: 0.5, deviation: 2 };
    const response = await draft(upload({ challenge: slug, scaling: JSON.stringify(scaling) }, { 'm.onnx': model }));
    expect((await response.json()).report.scaling).toEqual(scaling);
  });

  test('the challenge need not be named where there is only one', async () => {
    expect((await draft(upload({}, { 'm.onnx': model }))).status).toBe(201);
  });

  test('only its owner submits a draft, and gets the address of the submission', async () => {
    expect((await submit(posted({ draftId, name: 'mine' }, other))).status).toBe(404);
    const response = await submit(posted({ draftId, name: 'mine' }, token));
    expect(response.status).toBe(201);
    const body = await response.json();
    submissionId = body.submissionId;
    expect(body.url).toBe(`/submissions/${submissionId}`);
  });

  test('a submission says how it stands, to its owner', async () => {
    const get = (by: string) => submission(new Request(address, { headers: bearer(by) }), params({ id: submissionId }));
    expect(await (await get(token)).json()).toMatchObject({ status: 'queued', progress: { share: 0 }, score: null, cells: [] });
    expect((await get(other)).status).toBe(404);
  });

  test('the board has it', async () => {
    const response = await leaderboard(new Request(address, { headers: bearer(token) }), params({ slug }));
    expect(await response.json()).toMatchObject({
      challenge: slug,
      primaryMetric: 'mixed',
      rows: [{ name: 'mine', mine: true, rank: null }],
    });
  });

  test('events come when something happens, and the stream ends with its reader', async () => {
    const gone = new AbortController();
    const response = await events(new Request(address, { headers: bearer(token), signal: gone.signal }), params({ id: submissionId }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => (await reader.read()).value;
    expect(await next()).toContain('event: progress');
    const told = next();
    // Tell until heard: the reader subscribes in its own time.
    const telling = setInterval(() => void database().transaction((tx) => notifyProgress(tx, { submissionId, evaluationId: 'x' })), 50);
    expect(await told).toContain('event: progress');
    clearInterval(telling);
    gone.abort();
    await reader.cancel();
    const stranger = await events(new Request(address, { headers: bearer(other) }), params({ id: submissionId }));
    expect(stranger.status).toBe(404);
  });
});

describe('refusals', () => {
  test('a file that is no model: 422 with found, wanted and fix', async () => {
    const response = await draft(upload({ challenge: slug }, { 'model.onnx': Buffer.from('import torch\n') }));
    expect(response.status).toBe(422);
    expect((await response.json()).problem).toMatchObject({
      found: expect.any(String),
      wanted: expect.stringContaining('ONNX'),
      fix: expect.any(String),
    });
  });

  test('nobody signed in: 401', async () => {
    const response = await draft(upload({ challenge: slug }, { 'm.onnx': model }, {}));
    expect(response.status).toBe(401);
    expect((await response.json()).error.message).toContain('token');
  });

  test('an announced length over the limit: 413, before anything is read', async () => {
    const body = new ReadableStream({
      pull: () => {
        throw new Error('was read');
      },
    });
    const headers = {
      ...bearer(token),
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': String(limits.uploadBytes * 2),
    };
    const response = await draft(new Request(`${address}/drafts`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit));
    expect(response.status).toBe(413);
  });

  test('an upload that breaks off: 400, and the process lives', async () => {
    const head =
      '--x\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n' +
      slug +
      '\r\n--x\r\n' +
      'Content-Disposition: form-data; name="files"; filename="m.onnx"\r\n\r\nhalf of a mo';
    const headers = { ...bearer(token), 'content-type': 'multipart/form-data; boundary=x' };
    const response = await draft(new Request(`${address}/drafts`, { method: 'POST', headers, body: head }));
    expect(response.status).toBe(400);
    expect((await response.json()).error.message).toContain('stopped before its end');
  });

  test.each<[string, () => Request, RegExp]>([
    ['no form', () => new Request(`${address}/drafts`, { method: 'POST', headers: bearer(token), body: 'hello' }), /multipart/],
    ['no file', () => upload({ challenge: slug }, {}), /No file/],
    ['a scaling that is none', () => upload({ challenge: slug, scaling: '{"scale": 3}' }, { 'm.onnx': model }), /scaling/],
    [
      'too many files',
      () =>
        upload(
          { challenge: slug },
          Object.fromEntries(Array.from({ length: limits.uploadFiles + 1 }, (_, i) => [`${i}`, Buffer.from('x')])),
        ),
      /at most/,
    ],
  ])('%s: 400', async (_, request, message) => {
    const response = await draft(request());
    expect([response.status, (await response.json()).error.message]).toEqual([400, expect.stringMatching(message)]);
  });

  test('an unknown challenge, draft or board: 404; a body that is no JSON: 400', async () => {
    expect((await draft(upload({ challenge: 'no-such' }, { 'm.onnx': model }))).status).toBe(404);
    expect((await submit(posted({ draftId: 'x', name: 'n' }, token))).status).toBe(404);
    expect((await leaderboard(new Request(address), params({ slug: 'no-such' }))).status).toBe(404);
    const text = new Request(`${address}/submissions`, { method: 'POST', headers: bearer(token), body: 'hello' });
    expect((await submit(text)).status).toBe(400);
  });
});

test('a board tells whoever may read it that it changed, and nothing of what', async () => {
  const gone = new AbortController();
  const response = await boardEvents(new Request(address, { signal: gone.signal }), params({ slug }));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toMatch(/event: board\ndata: \{"version":\d+,"watching":1\}/);
  const told = reader.read();
  await enrol(await person(), (await challengeFound(slug)).id);
  expect((await told).value).toBe('event: board\ndata: {"watching":1}\n\n');
  gone.abort();
  await reader.cancel();
  expect((await boardEvents(new Request(address), params({ slug: 'no-such' }))).status).toBe(404);
});

test('the leaderboard answers filtered and sorted, and refuses a column there is not', async () => {
  const ask = (query: string) => leaderboard(new Request(`${address}?${query}`), params({ slug }));
  const total = async (query: string) => ((await (await ask(query)).json()) as { total: number }).total;
  expect(await total('baselines=only')).toBe(0);
  expect(await total('q=nobody+is+called+this')).toBe(0);
  expect(await total('sort=-robust&limit=1')).toBeGreaterThan(0);
  expect((await ask('sort=secret')).status).toBe(400);
});
