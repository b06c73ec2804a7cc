// Seeds a simulated class: a challenge with its roster, staff, baselines, submissions, scores and ranks, as weeks of work would have left it.
import { randomBytes, randomUUID } from 'node:crypto';
import { eq, notLike, sql } from 'drizzle-orm';
import { storeBytes } from '../../../lib/artifacts/store.ts';
import { hashPassword } from '../../../lib/auth/password.ts';
import { createUser } from '../../../lib/auth/users.ts';
import { readBaseline } from '../../../lib/baselines/index.ts';
import { createChallenge } from '../../../lib/challenges/challenges.ts';
import { database, rawSql } from '../../../lib/db/client.ts';
import { challenges, evaluations, members, phases, rosterPlaces, submissions, users, workers } from '../../../lib/db/schema.ts';
import { RequestError } from '../../../lib/errors.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import { score } from '../../../lib/evaluation/score.ts';
import { rankPhase } from '../../../lib/leaderboard/rank.ts';
import { encodeModel } from '../../../lib/onnx/codec.ts';
import { reportOf } from '../../../lib/evaluation/report.ts';
import { numericsClassOf } from '../../../lib/queue/jobs.ts';
import { commitmentOf } from '../../../lib/receipts/commitment.ts';
import { enter } from '../../../lib/submissions/enter.ts';
import { linearModel } from '../../evaluations/stage.ts';
import { copyInto } from './copy.ts';
import { mixedCells } from './mix.ts';
import { labelling, realModels, seed as phaseSeed, type BaselineFile, type RealModel } from './outcomes.ts';
import { planClass, type ClassSize, type PlannedStudent } from './plan.ts';
import { cellRows, shardRows, storeSubmissions, type Handed, type Place, type Reference } from './store.ts';
import { talk } from './talk.ts';

export type ClassOptions = ClassSize & {
  protocol: ProtocolName;
  models: readonly BaselineFile[];
  /** Submissions entered for real and left waiting in the queue. */
  waiting: number;
  /** Whether a database with other people in it is touched. */
  intoExisting: boolean;
  say: (line: string) => void;
};
export type SeededClass = { slug: string; accounts: { role: string; email: string; password: string }[]; submissions: number };

const day = 24 * 3600 * 1000;
/** Submissions stored at once: some 100 MB of rows under gauntlet-v1. */
const chunk = 60;

/** Throws RequestError 409 when others have accounts in the database, and when it has the class already. */
export async function seedClass(options: ClassOptions): Promise<SeededClass> {
  const { protocol, say } = options;
  if (!options.intoExisting) await checkEmpty();
  const real = await realModels(protocol, options.models, say);
  const labelsOf = await labelling(protocol);
  const now = new Date();
  const calendar = { opensAt: new Date(now.getTime() - 57 * day), closesAt: new Date(now.getTime() - day), now };
  const planned = planClass(options, calendar, real);

  const { slug, place, accounts } = await openChallenge(options, calendar, real);
  const studentIds = await enrolAll(planned, place.challengeId, accounts);
  const reference = await storeBaselines(place, accounts.ownerId, real, labelsOf, calendar.opensAt);
  const all = planned.flatMap((student, i) => student.submissions.map((one) => ({ ...one, userId: studentIds[i]! })));
  for (let at = 0; at < all.length; at += chunk) {
    const handed = all.slice(at, at + chunk).map((one): Handed => ({
      ...one, reference, cells: one.end === 'finished' ? mixedCells(protocol, one.recipe, labelsOf) : new Map(),
    }));
    await storeSubmissions(rawSql(), place, handed);
    say(`${Math.min(at + chunk, all.length)} of ${all.length} submissions`);
  }
  await talk(place, accounts.ownerId);
  await enterWaiting(place, studentIds.filter((id) => id !== null), options.waiting);
  await database().execute(sql`analyze`);
  say('Ranking ...');
  await rankPhase(place.phaseId);
  return { slug, accounts: accounts.shown, submissions: all.length + options.waiting };
}

async function checkEmpty(): Promise<void> {
  const others = await database().$count(users, notLike(users.email, '%@class.test'));
  if (others === 0) return;
  throw new RequestError(409, `There are ${others} accounts in this database that are no simulated class's. Seed an empty one, or say --into-existing.`);
}

type Accounts = { ownerId: string; password: string; shown: SeededClass['accounts'] };

async function openChallenge(
  { protocol, seed }: ClassOptions, calendar: { opensAt: Date; closesAt: Date }, real: readonly RealModel[],
): Promise<{ slug: string; place: Place; accounts: Accounts }> {
  const password = randomBytes(9).toString('base64url');
  const staff = (role: string) => ({ name: `Class ${role}`, email: `${role}.${protocol}.${seed}@class.test`, password });
  const owner = await createUser({ ...staff('instructor'), role: 'instructor' });
  const assistant = await createUser(staff('assistant'));
  const slug = `class-${protocol}-${seed}`;
  const { id: challengeId, phases: [{ id: phaseId }] } = await createChallenge({
    slug, title: `A simulated class (${protocol})`, description: 'Students who do not exist, with outcomes of models that do.',
    protocol: protocols[protocol], instructorId: owner.id, ...calendar,
  });
  await database().insert(members).values({ challengeId, userId: assistant.id, role: 'assistant' });
  await database().update(challenges).set({ policy: { lateHours: 72, latePenaltyPerDay: 10 } }).where(eq(challenges.id, challengeId));
  const numericsClass = numericsClassOf([...real[0].outcomes.values()][0]);
  await database().update(phases).set({ seed: phaseSeed, seedCommitment: commitmentOf(phaseSeed), numericsClass }).where(eq(phases.id, phaseId));
  const workerIds = await simulatedWorkers(real);
  return {
    slug,
    place: { challengeId, phaseId, protocol, workerIds },
    accounts: { ownerId: owner.id, password, shown: [owner, assistant].map(({ email }, i) => ({ role: ['instructor', 'assistant'][i], email, password })) },
  };
}

/** Three that have gone home, so that nothing is waited for from them. */
async function simulatedWorkers(real: readonly RealModel[]): Promise<string[]> {
  const { engine, device } = [...real[0].outcomes.values()][0];
  const rows = ['lab-1', 'lab-2', 'lab-3'].map((name) => ({ id: randomUUID(), name, engine, device, concurrency: 8, shardsDone: 0, stoppedAt: new Date() }));
  await database().insert(workers).values(rows);
  return rows.map(({ id }) => id);
}

/** The students' user ids in the order of the list; null for a place that nobody has claimed. They share one password. */
async function enrolAll(planned: readonly PlannedStudent[], challengeId: string, accounts: Accounts): Promise<(string | null)[]> {
  const passwordHash = await hashPassword(accounts.password);
  const claimed = planned.filter((student) => student.claimed);
  const rows = claimed.map(({ name, email }) => ({ id: randomUUID(), name, email, passwordHash, emailVerifiedAt: new Date() }));
  const idOf = new Map(rows.map(({ email, id }) => [email, id]));
  await database().transaction(async (tx) => {
    await tx.insert(users).values(rows);
    await tx.insert(members).values(claimed.map(({ email, pseudonym }) => ({ challengeId, userId: idOf.get(email)!, pseudonym })));
    await tx.insert(rosterPlaces).values(
      planned.map(({ name, email, number, section }) => ({
        challengeId, name, email, studentNumber: number, section, claimedBy: idOf.get(email) ?? null, claimedAt: idOf.has(email) ? new Date() : null,
      })),
    );
  });
  accounts.shown.push({ role: 'student', email: claimed[0].email, password: accounts.password });
  return planned.map(({ email }) => idOf.get(email) ?? null);
}

/** The baselines with outcomes of their own; returns the reference of mCE among them. */
async function storeBaselines(
  place: Place, userId: string, real: readonly RealModel[], labelsOf: Parameters<typeof mixedCells>[2], at: Date,
): Promise<Reference | null> {
  const protocol = protocols[place.protocol];
  let reference: Reference | null = null;
  for (const model of real) {
    const stored = await storeBytes(await readBaseline(model.file));
    const cells = mixedCells(place.protocol, { best: model, first: model, second: model, skill: 1, key: [0, 0] }, labelsOf);
    const [{ id: submissionId }] = await database().insert(submissions).values({
      challengeId: place.challengeId, userId, name: model.name, files: [{ name: model.file, ...stored }], modelSha256: stored.sha256,
      report: model.report, baseline: true, createdAt: at,
    }).returning({ id: submissions.id });
    const [{ id }] = await database().insert(evaluations).values({
      submissionId, phaseId: place.phaseId, protocol, status: 'finished', score: score(protocol, cells, { report: model.report }),
      createdAt: at, startedAt: at, finishedAt: at,
    }).returning({ id: evaluations.id });
    await copyInto(rawSql(), 'cells', cellRows(id, cells, at));
    await copyInto(rawSql(), 'shards', shardRows(id, model.report, place, at, 'done'));
    if (model.file === 'reference-cnn.onnx') reference = { evaluationId: id, cells };
  }
  return reference;
}

/** Through the verb itself: these have jobs in the queue, and a worker would evaluate them. */
async function enterWaiting(place: Place, studentIds: readonly string[], waiting: number): Promise<void> {
  const [challenge] = await database().select().from(challenges).where(eq(challenges.id, place.challengeId));
  for (let i = 0; i < Math.min(waiting, studentIds.length); i++) {
    const model = linearModel(2 ** 31 + i);
    const stored = await storeBytes(encodeModel(model));
    await database().transaction((tx) =>
      enter(tx, {
        challenge, userId: studentIds[studentIds.length - 1 - i], name: 'last one', files: [{ name: 'model.onnx', ...stored }],
        modelSha256: stored.sha256, report: reportOf(model),
      }),
    );
  }
}
