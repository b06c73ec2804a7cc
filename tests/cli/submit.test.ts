// `gauntlet submit` against a site in miniature: what is sent, and what is said of every answer.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gauntlet } from './command.ts';

vi.hoisted(() => {
  // Nobody's own login.
  process.env.XDG_CONFIG_HOME = '/nonexistent';
});

const model = fileURLToPath(new URL('../reference/gradients/linear.onnx', import.meta.url));
const estimate = { value: 0.65, low: 0.6, high: 0.7, images: 10_000 };
const score = { clean: null, mixed: estimate, meanPerturbation: null, robust: null, ttaGain: {}, worstPerturbation: null };
const progress = { doneImages: 0, totalImages: 100 };

type Reply = { status: number; body: unknown };
type Request = { method: string; url: string; authorization?: string; key?: string; body: Buffer; type: string };

let server: Server;
let url: string;
let requests: Request[];
let replies: Record<string, Reply[]>;
/** Requests whose connection is lost once, after they arrived. */
let breaks: Set<string>;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

beforeEach(async () => {
  requests = [];
  breaks = new Set();
  replies = {
    'POST /api/v1/drafts': [{ status: 201, body: { id: 'd1', report: { notes: ['It takes its time.'] } } }],
    'POST /api/v1/submissions': [{ status: 201, body: { submissionId: 's1', url: '/submissions/s1' } }],
    'GET /api/v1/submissions/s1': [
      { status: 200, body: { status: 'running', failure: null, progress, score: null } },
      { status: 200, body: { status: 'finished', failure: null, progress, score } },
    ],
  };
  server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, url: path, authorization: headers.authorization, type: headers['content-type'] ?? '', key: headers['idempotency-key'] as string | undefined, body: await bodyOf(request) });
    if (breaks.delete(`${method} ${path}`)) return void request.socket.destroy();
    const waiting = replies[`${method} ${path}`] ?? [];
    const { status, body } = (waiting.length > 1 ? waiting.shift() : waiting[0]) ?? { status: 404, body: null };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((closed) => server.close(closed)));

const submit = (...words: string[]) => gauntlet('submit', model, '--url', url, '--token', 'secret', ...words);

test('the fields stand before the file, the token goes along, and the page is named', async () => {
  const { code, out, err } = await submit('--name', 'wider', '--challenge', 'spring', '--scale', '255', '--mean', '72.9', '--declare-tta', 'shift');
  expect(err).toBe('It takes its time.\n');
  expect({ code, out }).toEqual({ code: 0, out: `Submitted as "wider": ${url}/submissions/s1\n` });
  const [draft, submission] = requests;
  expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  const form = await new Response(new Uint8Array(draft.body), { headers: { 'content-type': draft.type } }).formData();
  expect([...form.keys()]).toEqual(['challenge', 'scaling', 'file']);
  expect(form.get('challenge')).toBe('spring');
  expect(JSON.parse(String(form.get('scaling')))).toEqual({ scale: 255, mean: 72.9, deviation: 1 });
  const file = form.get('file') as File;
  expect([file.name, file.size]).toEqual(['linear.onnx', 31_716]);
  expect(JSON.parse(submission.body.toString())).toEqual({ draftId: 'd1', name: 'wider', declaredTta: 'shift' });
});

test('without options the site\'s own choices stand, and the model is called as its file', async () => {
  await submit();
  const form = await new Response(new Uint8Array(requests[0].body), { headers: { 'content-type': requests[0].type } }).formData();
  expect([...form.keys()]).toEqual(['file']);
  expect(JSON.parse(requests[1].body.toString()).name).toBe('linear.onnx');
});

test('--wait stays until the score is there', async () => {
  const { code, out, err } = await submit('--wait');
  expect(code).toBe(0);
  expect(err).toContain('running 0 %\nfinished, mixed 65.00 %\n');
  expect(out).toMatch(/mixed .*65\.00 %.*60\.00 to 70\.00/);
}, 20_000);

test('a refused model is explained as on the site', async () => {
  const problem = { code: 'not-onnx', found: 'A pickle.', wanted: 'Gauntlet takes ONNX.', fix: 'Export it.', snippet: 'torch.onnx.export(...)' };
  replies['POST /api/v1/drafts'] = [{ status: 422, body: { id: 'd1', problem, files: [] } }];
  const { code, out, err } = await submit();
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'A pickle.\nGauntlet takes ONNX.\nExport it.\n\ntorch.onnx.export(...)\n' });
  expect(requests.length).toBe(1);
});

test('what else the site says is passed on', async () => {
  replies['POST /api/v1/submissions'] = [{ status: 429, body: { error: { message: 'Three submissions a day; the next at 10:00 UTC.' } } }];
  expect(await submit()).toMatchObject({ code: 1, err: 'It takes its time.\nThree submissions a day; the next at 10:00 UTC.\n' });
  replies['POST /api/v1/drafts'] = [{ status: 200, body: '<html>' }];
  expect((await submit()).err).toContain('answered something unexpected');
  replies['POST /api/v1/drafts'] = [{ status: 502, body: null }];
  expect((await submit()).err).toContain('/api/v1/drafts answered 502 Bad Gateway.');
});

test('a failure during the evaluation, whosever it is', async () => {
  replies['GET /api/v1/submissions/s1'] = [{ status: 200, body: { status: 'failed', failure: { blame: 'platform', message: 'No worker lives.' }, progress, score: null } }];
  expect(await submit('--wait')).toMatchObject({ code: 1, err: expect.stringContaining('The evaluation failed on the site\'s side: No worker lives.') });
});

test('a lost connection: the upload and the submission are sent again, the latter under the same key', async () => {
  breaks = new Set(['POST /api/v1/drafts', 'POST /api/v1/submissions']);
  expect(await submit()).toMatchObject({ code: 0, out: expect.stringContaining('/submissions/s1') });
  expect(requests.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
    'POST /api/v1/drafts', 'POST /api/v1/drafts', 'POST /api/v1/submissions', 'POST /api/v1/submissions',
  ]);
  const [, , first, again] = requests;
  expect(first.key).toMatch(/^[0-9a-f-]{36}$/);
  expect([again.key, again.body.toString()]).toEqual([first.key, first.body.toString()]);
});

test('a site that is not there, and what must be given', async () => {
  const nowhere = await gauntlet('submit', model, '--url', 'http://127.0.0.1:9', '--token', 't');
  expect(nowhere).toMatchObject({ code: 3, err: expect.stringContaining('http://127.0.0.1:9 cannot be reached') });
  expect((await gauntlet('submit', model, '--url', 'gauntlet', '--token', 't')).err).toContain('gauntlet is no address');
  expect((await gauntlet('submit', model)).err).toContain('GAUNTLET_URL');
  expect(await gauntlet('submit', model, '--url', url)).toMatchObject({ code: 4, err: expect.stringContaining('GAUNTLET_TOKEN') });
  expect(requests).toEqual([]);
});
