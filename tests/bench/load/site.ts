// Everything that a class meets, started anew: Postgres as it comes, the built site, workers, and an open challenge with a class that has passwords.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, startNode, stopNode } from '../../../lib/bootstrap/processes.ts';
import { hashPassword } from '../../../lib/auth/password.ts';
import { createChallenge } from '../../../lib/challenges/challenges.ts';
import { policySchema } from '../../../lib/challenges/policy.ts';
import { findFashionMnist } from '../../../lib/datasets/find.ts';
import { connect, database, disconnect } from '../../../lib/db/client.ts';
import { startEmbedded } from '../../../lib/db/embedded.ts';
import { migrate } from '../../../lib/db/migrate.ts';
import { members, users } from '../../../lib/db/schema.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import { startWeb } from '../../e2e/bare-site.ts';
import { eager } from './timetable.ts';

export type Account = { email: string; password: string };
export type LoadSite = {
  url: string;
  databaseUrl: string;
  slug: string;
  accounts: readonly Account[];
  /** Process ids, the workers' one each. */
  web: number;
  workers: readonly number[];
  metricsToken: string;
  stop(): Promise<void>;
};
export type LoadSiteOptions = { students: number; workers: number; concurrency: number };

/** Clean and mixed first, as in every protocol, and a little behind them: what two cores can evaluate beside everything else. */
export const protocol: Protocol = {
  name: 'load',
  images: { split: 'test', size: 1000 },
  trials: [
    { kind: 'clean' }, { kind: 'mixed' },
    ...['rotate', 'gaussian_noise'].map((perturbation) => ({ kind: 'perturbation' as const, perturbation, severity: 3 })),
  ],
};
const slug = 'load';

/** Whatever has started is stopped again when a later step fails. */
export async function startLoadSite({ students, workers, concurrency }: LoadSiteOptions): Promise<LoadSite> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-load-'));
    // The embedded server runs as another user than root and must be able to enter.
    await chmod(folder, 0o711);
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startEmbedded(join(folder, 'postgres'));
    stops.push(server.stop);
    await migrate(server.url);
    connect(`${server.url}?application_name=bench`);
    stops.push(disconnect);
    const accounts = await openChallenge(students);
    const metricsToken = randomBytes(16).toString('hex');
    const secrets = { NEXTAUTH_SECRET: randomBytes(32).toString('hex'), METRICS_TOKEN: metricsToken };
    const web = await startWeb(server.url, () => ({ ...secrets, LOG_LEVEL: 'error', PGAPPNAME: 'web' }));
    stops.push(web.stop);
    const data = await findFashionMnist({});
    const started = Array.from({ length: workers }, (_, i) =>
      startNode('worker', ['--import', 'tsx', join(root, 'workers/main.ts'), '--concurrency', String(concurrency), '--name', `worker ${i}`], {
        DATABASE_URL: server.url, FASHION_MNIST_DIR: data, GAUNTLET_HOME: folder, LOG_LEVEL: 'error', PGAPPNAME: 'worker',
      }));
    for (const worker of started) stops.push(() => stopNode(worker, 30));
    return { url: web.url, databaseUrl: server.url, slug, accounts, web: web.pid, workers: started.map(({ child }) => child.pid!), metricsToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Open for a day, under the rules that a challenge comes with; nobody is refused at the bench's deadline. */
async function openChallenge(students: number): Promise<Account[]> {
  const policy = policySchema.parse({ successesPerDay: eager.submissions, concurrent: eager.submissions });
  const closesAt = new Date(Date.now() + 86_400_000);
  const { id: challengeId } = await createChallenge({ slug, title: 'A class under load', protocol, policy, closesAt });
  const password = randomBytes(12).toString('base64url');
  // One hash for all: checking it costs what it costs, and making hundreds would be no part of what is measured.
  const passwordHash = await hashPassword(password);
  const people = Array.from({ length: students }, (_, i) => ({
    id: randomUUID(), name: `Student ${i}`, email: `student.${i}@load.test`, passwordHash, emailVerifiedAt: new Date(),
  }));
  await database().insert(users).values(people);
  await database().insert(members).values(people.map(({ id: userId }) => ({ challengeId, userId })));
  return people.map(({ email }) => ({ email, password }));
}
