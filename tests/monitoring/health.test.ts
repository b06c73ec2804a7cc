// Liveness without a database, readiness part by part, and metrics for nobody but who has the token.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

// Before the imports above, some of which parse the environment.
vi.hoisted(() => vi.stubEnv('METRICS_TOKEN', 'read-me-read-me-read-me'));
const { GET: health } = await import('../../app/api/health/route.ts');
const { GET: ready } = await import('../../app/api/ready/route.ts');
const { GET: metrics } = await import('../../app/api/metrics/route.ts');
const { GET: publicKey } = await import('../../app/api/v1/public-key/route.ts');
const { connect, database, disconnect } = await import('../../lib/db/client.ts');
const { requireMetricsToken } = await import('../../lib/monitoring/metrics.ts');
const { beat } = await import('../../lib/queue/heartbeat.ts');

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const seen = async () => {
  const response = await ready();
  return { status: response.status, ...(await response.json()) };
};

describe('readiness', () => {
  test('is given when the database answers, is as new as the code, and holds the queue', async () => {
    expect(await seen()).toEqual({ status: 200, ready: true, parts: { database: 'ok', migrations: 'ok', queue: 'ok' } });
  });

  test('says which part is missing', async () => {
    await database().execute(sql`alter table users rename column disabled_at to switched_off`);
    expect(await seen()).toMatchObject({ status: 503, parts: { database: 'ok', migrations: expect.stringMatching(/older/), queue: 'ok' } });
    await database().execute(sql`alter table users rename column switched_off to disabled_at`);
    await database().execute(sql`alter view graphile_worker.jobs rename to elsewhere`);
    expect(await seen()).toMatchObject({ status: 503, parts: { database: 'ok', migrations: 'ok', queue: 'does not answer' } });
    await database().execute(sql`alter view graphile_worker.elsewhere rename to jobs`);
    expect(await seen()).toMatchObject({ status: 200 });
  });

  test('is refused without a database, where the process is alive all the same, and why stays unsaid', async () => {
    await disconnect();
    connect('postgres://somebody:hush-hush@127.0.0.1:1/nowhere');
    const found = await seen();
    expect(found).toMatchObject({ status: 503, ready: false, parts: { database: 'does not answer', queue: 'does not answer' } });
    expect(JSON.stringify(found)).not.toMatch(/hush-hush|ECONNREFUSED|127/);
    expect((await health()).status).toBe(200);
    await disconnect();
    connect(fresh.url);
  });
});

describe('metrics', () => {
  const scrape = (token?: string) =>
    metrics(new Request('http://gauntlet.test/api/metrics', { headers: token ? { authorization: `Bearer ${token}` } : {} }));
  const sample = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));

  test('are for who shows the token', async () => {
    for (const token of [undefined, 'wrong', 'read-me-read-me-read-mE']) expect((await scrape(token)).status).toBe(401);
    expect((await scrape('read-me-read-me-read-me')).headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
  });

  test('count what is stored and what this process answered', async () => {
    const student = await person();
    const challenge = await challengeOf(protocol);
    await enrol(student, challenge.id);
    await submit(student, challenge.id);
    const worker = { name: 'w', engine: 'e 1', device: 'cpu', concurrency: 3, missingLayers: [], queueWorkerIds: [] };
    await beat({ id: crypto.randomUUID(), ...worker });
    await publicKey(new Request('http://gauntlet.test/api/v1/public-key'));
    const text = await (await scrape('read-me-read-me-read-me')).text();
    expect(sample(text, 'gauntlet_evaluations{')).toEqual(['gauntlet_evaluations{phase="public",status="queued"} 1']);
    // Two of its three shards are short enough to share one.
    expect(sample(text, 'gauntlet_queue_jobs{task="evaluate-shard"')).toEqual(['gauntlet_queue_jobs{task="evaluate-shard",state="due"} 2']);
    expect(Number(sample(text, 'gauntlet_queue_oldest_seconds{task="evaluate-shard"}')[0].split(' ')[1])).toBeGreaterThanOrEqual(0);
    expect(sample(text, 'gauntlet_shards{')).toEqual(['gauntlet_shards{status="queued"} 3']);
    expect(sample(text, 'gauntlet_workers_alive{')).toEqual(['gauntlet_workers_alive{engine="e 1",device="cpu"} 1']);
    expect(sample(text, 'gauntlet_worker_slots')).toEqual(['gauntlet_worker_slots 3']);
    expect(sample(text, 'process_cpu_seconds_total')).toHaveLength(1);
    expect(sample(text, 'gauntlet_http_request_duration_seconds_count')).toEqual([
      expect.stringMatching(/method="GET",route="\/api\/v1\/public-key",status="\d+"} 1$/),
    ]);
    for (const line of text.split('\n').filter(Boolean)) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+|\w+(\{.*\})? (NaN|\+Inf))$/);
    }
  });

  test('are not there for anybody where the site has no token', async () => {
    vi.resetModules();
    vi.stubEnv('METRICS_TOKEN', '');
    const { requireMetricsToken: unset } = await import('../../lib/monitoring/metrics.ts');
    expect(() => unset('Bearer anything')).toThrow(expect.objectContaining({ status: 404 }));
    expect(() => requireMetricsToken('Bearer read-me-read-me-read-me')).not.toThrow();
  });
});
