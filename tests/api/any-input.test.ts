// Whatever is sent to whichever endpoint by whomever: a documented status, a body of the documented shape, and never our fault.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createToken } from '../../lib/auth/tokens.ts';
import { postAnnouncement } from '../../lib/challenges/announcements.ts';
import { rawSql } from '../../lib/db/client.ts';
import { startReevaluation } from '../../lib/evaluations/reevaluate.ts';
import { contracts } from '../../lib/api/index.ts';
import { openApiDocument, type OpenApi } from '../../lib/api/openapi.ts';
import { error as errorSchema } from '../../lib/api/shapes/common.ts';
import { parseRule } from '../../lib/grades/rule.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { allRoutes, ask, documented, type Found, type Sent } from './routes.ts';
import { bodyFor, fitting, hostileText, pick, randomOf, type Random, type Schema } from './values.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
  process.env.LOG_LEVEL = 'fatal';
});

const requestsEach = 12;

let fresh: FreshDatabase;
let routes: Map<string, Found>;
let tokens: (string | undefined)[];
/** What is there, by the name of a parameter, or by where in a path it stands. */
let known: Record<string, string[]>;
const document: OpenApi = openApiDocument('http://gauntlet.test');
const defs = (document.components?.schemas ?? {}) as Record<string, Schema>;

beforeAll(async () => {
  fresh = await freshDatabase();
  const [student, other, teacher] = [await person(), await person(), await person('instructor')];
  const challenge = await challengeOf(protocol, teacher);
  for (const one of [student, other]) await enrol(one, challenge.id);
  const mine = await evaluated(student, challenge.id, { mixed: 360, clean: 380, 'mixed+shift': 361 });
  const running = await evaluated(student, challenge.id, { mixed: 100 });
  const theirs = await evaluated(other, challenge.id, { mixed: 200, clean: 200, 'mixed+shift': 190 });
  const rule = parseRule({ phase: 'public', scale: { kind: 'thresholds', metric: 'mixed', steps: [{ from: 0.5, grade: 1 }], between: 'step' } });
  await rawSql()`update challenges set grading_rule = ${rawSql().json(rule)}`;
  known = {
    slug: [challenge.slug],
    'submissions/{id}': [mine.submissionId, running.submissionId, theirs.submissionId],
    'announcements/{id}': [await postAnnouncement(teacher, challenge.slug, { title: 'Welcome', body: 'Have *fun*.' })],
    'reevaluations/{id}': [(await startReevaluation(teacher, challenge.slug, { phase: 'public', which: [mine.submissionId], reason: 'A test.' })).id],
    first: [mine.submissionId], second: [theirs.submissionId],
    userId: [student.id, other.id, teacher.id],
    challenge: [challenge.slug],
  };
  const secrets = await Promise.all([student, other, teacher, teacher].map(async (one) => (await createToken(one, 'test')).secret));
  tokens = [undefined, 'gnt_unknown', ...secrets];
  routes = new Map((await allRoutes()).map((found) => [`${found.method} ${found.path}`, found]));
}, 180_000);
afterAll(() => fresh.drop());

type Operation = { parameters?: { in: string; name: string; required?: boolean; schema: Schema }[]; requestBody?: { content: Record<string, { schema: Schema }> }; responses: Record<string, unknown> };

/** Mostly what is there, sometimes what fits and is not, sometimes neither. */
function valueFor(path: string, name: string, schema: Schema, random: Random): string {
  const roll = random();
  const there = known[name] ?? Object.entries(known).find(([place]) => name === 'id' && path.includes(place))?.[1];
  if (there && roll < 0.7) return pick(random, there);
  return roll < 0.85 ? String(fitting(schema, defs, random)) : hostileText(random);
}

function requestFor(path: string, { parameters = [], requestBody }: Operation, random: Random): Sent {
  const sent: Required<Pick<Sent, 'params' | 'query' | 'headers'>> & Sent = { params: {}, query: {}, headers: {}, token: pick(random, tokens) };
  for (const { in: place, name, schema } of parameters) {
    // A real file of the training set is a minute's work, and tested elsewhere.
    const value = name === 'file' ? hostileText(random) : valueFor(path, name, schema, random);
    if (place === 'path') sent.params[name] = value || 'x';
    else if (place === 'query' && random() < 0.7) sent.query[name] = value;
    else if (place === 'header' && random() < 0.3) sent.headers[name] = pick(random, ['k1', 'k2', crypto.randomUUID(), 'with space']);
  }
  const [media, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (media === 'application/json') sent.body = bodyFor(content!.schema, defs, random);
  else if (media) {
    sent.headers['content-type'] = pick(random, ['multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', 'multipart/form-data; boundary=']);
    sent.body = pick(random, ['', '--x--', `--x\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n${hostileText(random)}\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="${'a'.repeat(300)}"\r\n\r\nab\r\n--x--`]);
  }
  return sent;
}

test.each(contracts.map(({ method, path }) => [`${method} ${path}`, method, path] as const))('%s', async (name, method, path) => {
  const operation = (document.paths![path] as Record<string, unknown>)[method.toLowerCase()] as Operation;
  const { route } = routes.get(name)!;
  const promised = documented(route.contract);
  const random = randomOf([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7));
  await rawSql()`delete from rate_limits`;
  for (let i = 0; i < requestsEach; i++) {
    const sent = requestFor(path, operation, random);
    const response = await ask(route, sent);
    const said = `${name} ${JSON.stringify(sent).slice(0, 1000)} -> ${response.status}`;
    expect(response.status, said).toBeLessThan(500);
    expect(Object.keys(operation.responses), said).toContain(String(response.status));
    expect(response.headers.get('x-request-id'), said).toBeTruthy();
    const shape = promised.get(response.status);
    if (shape && !shape.schema) {
      await response.body?.cancel();
      continue;
    }
    const body: unknown = await response.json();
    // What the schema leaves of it is all of it: nothing goes out that is not documented.
    expect((shape?.schema ?? errorSchema).parse(body), said).toEqual(body);
  }
});
