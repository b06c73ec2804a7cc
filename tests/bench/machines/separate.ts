// Part `separate`: Postgres, two sites and the workers on machines of their own, that share nothing but the network; machines join, leave,
// lose their network, and Postgres loses its own.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { readBaseline } from '../../../lib/baselines/index.ts';
import { createToken } from '../../../lib/auth/tokens.ts';
import { root, startNode, stopNode } from '../../../lib/bootstrap/processes.ts';
import { connect, database, disconnect, rawSql } from '../../../lib/db/client.ts';
import { migrate } from '../../../lib/db/migrate.ts';
import { evaluations, parts, shards, workers } from '../../../lib/db/schema.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import { readUpload } from '../../../lib/formats/read.ts';
import { startWeb, type Web } from '../../e2e/bare-site.ts';
import { challengeOf, person, submit } from '../../evaluations/stage.ts';
import { startWorkerProcess, type WorkerProcess } from '../../workers/processes.ts';
import { localOutcomes, storedOutcomes } from './local.ts';
import { startNetwork, type Machine } from './network.ts';
import { row, table } from './words.ts';

export type SeparateOptions = {
  /** Seconds for which Postgres has no network. */
  outageSeconds: number;
  /** Submissions that wait while machines come and go. */
  submissions: number;
  /** Images of each attack: 2,000 are some ten seconds of one core. */
  images: number;
  /** Without network namespaces, also where there could be some. */
  asProcesses: boolean;
};

const file = 'reference-cnn.onnx';
const attack = (epsilon: number, size: number) => ({
  kind: 'attack', attack: 'pgd', norm: 'linf', epsilon, stepSize: epsilon / 4, steps: 20, randomStart: true, restarts: 1, count: 'last',
  images: { split: 'test', size },
}) as const;
const protocolOf = (size: number): Protocol => ({
  name: 'many-machines', images: { split: 'test', size: 10_000 },
  trials: [{ kind: 'mixed' }, { kind: 'clean' }, ...[0.02, 0.04, 0.06, 0.08].map((epsilon) => attack(epsilon, size))],
});
/** For anything that is to happen by itself. */
const patienceSeconds = 300;

/** Waits until it is so. Throws when it is not within the patience. Returns seconds. */
async function until(what: string, so: () => Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (!(await so())) {
    if (performance.now() - begun > patienceSeconds * 1000) throw new Error(`After ${patienceSeconds} s still not: ${what}.`);
    await sleep(50);
  }
  return (performance.now() - begun) / 1000;
}

const statusOf = async (id: string) => (await database().select({ status: evaluations.status }).from(evaluations).where(eq(evaluations.id, id)))[0].status;
const allFinished = async (ids: string[]) => {
  const rows = await database().select({ status: evaluations.status }).from(evaluations).where(inArray(evaluations.id, ids));
  return rows.every(({ status }) => status === 'finished');
};
const workerNamed = async (name: string) => (await database().select().from(workers).where(eq(workers.name, name)))[0];
async function running(name: string) {
  const { id } = await workerNamed(name);
  return database().select().from(shards).where(and(eq(shards.workerId, id), eq(shards.status, 'running')));
}
/** Names of the workers that did the shards of an evaluation. */
async function doneBy(ids: string[]): Promise<Set<string>> {
  const rows = await database().selectDistinct({ name: workers.name }).from(shards).innerJoin(workers, eq(workers.id, shards.workerId))
    .where(inArray(shards.evaluationId, ids));
  return new Set(rows.map(({ name }) => name));
}

/** Sends a model to one site and confirms it at another, as a proxy before both would have it. */
async function upload(first: string, second: string, token: string, slug: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const form = new FormData();
  form.append('challenge', slug);
  form.append('file', new Blob([new Uint8Array(await readBaseline(file))]), file);
  const draft = await answerOf(await fetch(`${first}/api/v1/drafts`, { method: 'POST', headers, body: form }));
  const body = JSON.stringify({ draftId: draft.id, name: 'from afar', declaredTta: null });
  const entered = await answerOf(await fetch(`${second}/api/v1/submissions`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }));
  return entered.submissionId as string;
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Counts the events of a submission that a site tells, until it is closed. */
function listen(site: string, token: string, submissionId: string): { heard(): number; close(): void } {
  const control = new AbortController();
  let heard = 0;
  void (async () => {
    const { body } = await fetch(`${site}/api/v1/submissions/${submissionId}/events`, { headers: { authorization: `Bearer ${token}` }, signal: control.signal });
    for await (const bytes of body!) heard += Buffer.from(bytes).toString().split('event: progress').length - 1;
  })().catch(() => {});
  return { heard: () => heard, close: () => control.abort() };
}

/** Says what was promised and what was seen; throws where they differ. Markdown. */
export async function separatePart({ outageSeconds, submissions, images, asProcesses }: SeparateOptions, say: (text: string) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-machines-'));
  await chmod(folder, 0o711);
  const network = await startNetwork(folder, asProcesses);
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true }), () => network.close()];
  const rows: string[] = [];
  const saw = (what: string, seen: string) => {
    rows.push(row([what, seen]));
    say(`${what}: ${seen}`);
  };
  const held = (what: string, so: boolean) => {
    if (!so) throw new Error(`This should have held: ${what}.`);
  };
  try {
    const [db, webA, webB, one, two, three] = await Promise.all(['db', 'web-a', 'web-b', 'one', 'two', 'three'].map((name) => network.machine(name)));
    const { url, stop } = await startServer(db);
    undo.push(stop);
    await migrate(url);
    connect(url);
    undo.push(disconnect);
    saw('machines', network.namespaces ? 'network namespaces on a bridge, each with an address, a data folder and a `GAUNTLET_HOME` of its own'
      : `processes with data folders of their own, since network namespaces ${asProcesses ? 'were not wanted' : 'cannot be made here'}`);

    const secrets = { NEXTAUTH_SECRET: 'a secret of both sites, as long as it must be', LOG_LEVEL: 'error' };
    const site = async (place: Machine): Promise<Web> => {
      const web = await startWeb(await place.dial(url), () => secrets, undefined, place);
      undo.push(web.stop);
      return web;
    };
    const worker = async (place: Machine): Promise<WorkerProcess> => {
      const dialled = await place.dial(url);
      // The usual heartbeat and silence, not those of tests.
      const begun = await startWorkerProcess(dialled, place.name, ['--heartbeat', '5', '--reclaim-after', '20', '--drain', '10'], place);
      undo.push(async () => begun.process.kill('SIGKILL'));
      return begun;
    };
    const [a, b] = [await site(webA), await site(webB)];
    const [, leaving] = await Promise.all([worker(one), worker(two)]);

    const [student, teacher] = [await person(), await person('instructor')];
    const protocol = protocolOf(images);
    const { id: challengeId, slug } = await challengeOf(protocol, teacher);
    const { secret: token } = await createToken(student, 'from afar');
    const submissionId = await upload(a.url, b.url, token, slug);
    const events = listen(b.url, token, submissionId);
    const [{ id: first }] = await database().select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.submissionId, submissionId));
    await until('the upload is evaluated', async () => (await statusOf(first)) === 'finished');
    held('two machines did it', isDeepStrictEqual([...(await doneBy([first]))].sort(), ['one', 'two']));
    const model = await readUpload([{ name: file, bytes: await readBaseline(file) }]);
    const local = await localOutcomes(first, protocol, model);
    held('its bits are those of a run on this machine', isDeepStrictEqual(await storedOutcomes(first), local));
    saw('an upload to one site, confirmed at the other, is evaluated by both workers', `${protocol.trials.length} cells, bit-identical with a local run`);
    await until('the second site heard of it', async () => events.heard() > 1);
    events.close();
    saw('events of it at the site that did not take the upload', `${events.heard()} heard`);
    const boards = async () => Promise.all([a, b].map(async (web) => answerOf(await fetch(`${web.url}/api/v1/challenges/${slug}/leaderboard`))));
    const seconds = await until('both sites show the same board with it', async () => {
      const [left, right] = await boards();
      return isDeepStrictEqual(left, right) && JSON.stringify(left).includes('from afar');
    });
    saw('both sites show it on the board', `the same rows, within ${seconds.toFixed(1)} s of its end`);

    // From here on there is work for all until the end.
    const entered = await Promise.all(Array.from({ length: submissions }, async () => submit(await person(), challengeId, model)));
    const ids = entered.map(({ evaluationId }) => evaluationId);
    await worker(three);
    await until('the worker that joined works', async () => (await running('three')).length > 0);
    saw('a worker joins under load', 'it has a shard as soon as it is ready');

    await until('the worker to leave works', async () => (await running('two')).length > 0);
    leaving.process.kill('SIGTERM');
    const code = await leaving.left;
    held('a worker that is asked to leave ends with code 0', code === 0);
    held('it keeps no shard', (await running('two')).length === 0);
    saw('a worker leaves by SIGTERM', 'exit code 0, its shard done or handed back');

    await until('the worker to be cut off works', async () => (await running('one')).length > 0);
    const cut = (await running('one')).map(({ id }) => id);
    await one.pull();
    const back = await until('its shard is another’s or done', async () => {
      const { id } = await workerNamed('one');
      const left = await database().select().from(shards).where(and(inArray(shards.id, cut), eq(shards.workerId, id), eq(shards.status, 'running')));
      return left.length === 0;
    });
    await one.plug();
    const again = await until('it is heard of again', async () => (await workerNamed('one')).stoppedAt === null);
    saw('a worker loses its network in the middle of a shard', `the shard is free again after ${back.toFixed(0)} s; plugged in, the worker is back after ${again.toFixed(0)} s`);

    await db.pull();
    const ready = (web: Web) => fetch(`${web.url}/api/ready`, { signal: AbortSignal.timeout(10_000) }).then((response) => response.ok, () => false);
    const [outage, unready] = await Promise.all([sleep(outageSeconds * 1000).then(() => db.plug()), Promise.all([ready(a), ready(b)])]);
    void outage;
    held('a site without a database says so', unready.every((one) => !one));
    const landed = await rawSql()`select count(*)::int as n from parts`;
    const [sites, work] = await Promise.all([
      until('both sites are ready again', async () => (await Promise.all([ready(a), ready(b)])).every(Boolean)),
      until('work goes on', async () => (await rawSql()`select count(*)::int as n from parts`)[0].n !== landed[0].n || (await allFinished(ids))),
    ]);
    saw(`Postgres has no network for ${outageSeconds} s`, `the sites say that they are not ready, and are after ${sites.toFixed(0)} s; parts land again after ${work.toFixed(0)} s`);

    await until('all are evaluated', () => allFinished(ids));
    for (const id of ids) held('every evaluation is as a run on this machine', isDeepStrictEqual(await storedOutcomes(id), local));
    const [count] = await database().select({
      undone: sql<number>`count(*) filter (where status <> 'done')::int`, limits: sql<number>`count(*) filter (where limits_met <> '[]')::int`,
      failures: sql<number>`sum(platform_failures)::int`,
    }).from(shards);
    held('every shard is done, no limit was met and no part is left over', count.undone === 0 && count.limits === 0 && (await database().$count(parts)) === 0);
    saw('after all of it', `${ids.length + 1} evaluations finished, bit-identical with a local run; every cell once; no model was blamed, ${count.failures} shards failed for a reason of ours and ran again`);
  } finally {
    for (const act of undo.reverse()) await act();
  }
  return `${table(['promise', 'seen'], rows)}`;
}

async function startServer(place: Machine): Promise<{ url: string; stop(): Promise<void> }> {
  const home = place.environment.GAUNTLET_HOME;
  await chmod(home, 0o711);
  const server = startNode('postgres', ['--import', 'tsx', join(root, 'tests/bench/machines/server.ts'), home, place.address], {}, place);
  const gone = server.exited.then((how) => { throw new Error(`Postgres left (${how}).`); });
  gone.catch(() => {});
  const [{ url }] = (await Promise.race([once(server.child, 'message'), gone])) as [{ url: string }];
  return { url, stop: () => stopNode(server, 20) };
}
