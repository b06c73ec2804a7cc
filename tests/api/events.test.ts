// Many pages that hear of changes at once: one listening connection for all of them, and nothing left of them when they have gone.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GET as boardEvents } from '../../app/api/v1/challenges/[slug]/events/route.ts';
import { GET as submissionEvents } from '../../app/api/v1/submissions/[id]/events/route.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import { database } from '../../lib/db/client.ts';
import { notifyProgress } from '../../lib/evaluations/progress.ts';
import { ownMetrics } from '../../lib/monitoring/requests.ts';
import { eventsOf } from '../bench/load/browser.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let slug: string;
let submissionId: string;
let token: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  const challenge = await challengeOf(protocol);
  const student = await person();
  slug = challenge.slug;
  ({ submissionId } = await submit(student, challenge.id));
  token = (await createToken(student, 'test')).secret;
});
afterAll(() => fresh.drop());

const patient = { timeout: 20_000 };

type Page = { heard: string[]; over: Promise<void>; leave(): void };

async function open(get: typeof boardEvents, params: Record<string, string>): Promise<Page> {
  const gone = new AbortController();
  const request = new Request('http://gauntlet.test/', { headers: { authorization: `Bearer ${token}` }, signal: gone.signal });
  const response = await get(request, { params: Promise.resolve(params) });
  const heard: string[] = [];
  // A reader that leaves closes its end, as a connection that breaks does.
  const over = eventsOf(response.body as unknown as AsyncIterable<Uint8Array>, (data) => heard.push(data)).catch(() => {});
  return { heard, over, leave: () => gone.abort() };
}

const openMany = (count: number, get: typeof boardEvents, params: Record<string, string>) => Promise.all(Array.from({ length: count }, () => open(get, params)));
const streams = async () => (await ownMetrics().streams.get()).values.reduce((sum, { value }) => sum + value, 0);
const allHear = (pages: Page[], times: number) => expect.poll(() => pages.every(({ heard }) => heard.length >= times), patient).toBe(true);

test('a hundred open pages share one listening connection, all hear, and when they have gone nobody listens for them', { timeout: 60_000 }, async () => {
  const boards = await openMany(50, boardEvents, { slug });
  const submissions = await openMany(50, submissionEvents, { id: submissionId });
  await allHear([...boards, ...submissions], 1);
  expect(await streams()).toBe(100);
  const listening = await database().execute(sql`select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen %'`);
  expect(listening).toHaveLength(1);
  await database().transaction((tx) => notifyProgress(tx, { submissionId, evaluationId: submissionId }));
  await allHear(submissions, 2);

  for (const page of [...boards, ...submissions]) page.leave();
  await expect.poll(streams, patient).toBe(0);
  // Whoever opens the board now is told how many hear of it.
  const [last] = await openMany(1, boardEvents, { slug });
  await allHear([last], 1);
  expect(JSON.parse(last.heard[0])).toMatchObject({ watching: 1 });
  last.leave();
  await expect.poll(streams, patient).toBe(0);
});
