// The life of a challenge's seeds: kept while anybody could use them, published once, and for ever.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { setDeadline } from '../../lib/challenges/close.ts';
import { revealPhase } from '../../lib/challenges/reveal.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, evaluations, members, phases, users } from '../../lib/db/schema.ts';
import { enterFinal } from '../../lib/evaluations/enter-final.ts';
import { commitmentOf } from '../../lib/receipts/commitment.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, endShards } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let student: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
  student = await person();
});
beforeEach(async () => {
  challenge = await challengeOf(protocol, teacher);
  await database().update(challenges).set({ opensAt: new Date(Date.now() - 60_000) }).where(eq(challenges.id, challenge.id));
});
afterAll(() => fresh.drop());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const shut = () => setDeadline(teacher, challenge.slug, ago(1));
const early = (message: RegExp) => ({ status: 409, message: expect.stringMatching(message) });
const all = { mixed: 300, clean: 300, 'mixed+shift': 300 };
const seedsOf = async () => {
  const rows = await database().select().from(phases).where(eq(phases.challengeId, challenge.id)).orderBy(phases.kind);
  return rows.map(({ seed }) => Buffer.from(seed).toString('hex'));
};

test('nobody but an instructor closes, enters and reveals', async () => {
  for (const verb of [
    (viewer: Viewer | null) => setDeadline(viewer, challenge.slug, ago(1)),
    (viewer: Viewer | null) => enterFinal(viewer, challenge.slug),
    (viewer: Viewer | null) => revealPhase(viewer, challenge.slug, 'public'),
  ]) {
    await expect(verb(null)).rejects.toMatchObject({ status: 401 });
    await expect(verb(student)).rejects.toMatchObject({ status: 403 });
  }
  await expect(revealPhase(teacher, 'no-such', 'public')).rejects.toMatchObject({ status: 404 });
  expect((await getChallenge(challenge.slug)).closesAt).toBeNull();
});

test('while submissions are taken no seed is revealed, not even anyway', async () => {
  for (const kind of ['public', 'final'] as const) {
    await expect(revealPhase(teacher, challenge.slug, kind, { anyway: true })).rejects.toMatchObject(early(/no deadline; set one/));
  }
  await setDeadline(teacher, challenge.slug, new Date(Date.now() + 3_600_000));
  await expect(revealPhase(teacher, challenge.slug, 'public')).rejects.toMatchObject(early(/closes at 20.*UTC/));
  const seen = JSON.stringify(await getChallenge(challenge.slug));
  for (const seed of await seedsOf()) expect(seen).not.toContain(seed);
});

test('while anybody has an extension, or may still submit late, no seed is revealed, not even anyway', async () => {
  await shut();
  await enrol(student, challenge.id);
  const extended = (until: Date) =>
    database().update(members).set({ extendedUntil: until }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, student.id)));
  await extended(new Date(Date.now() + 60_000));
  for (const anyway of [false, true]) {
    await expect(revealPhase(teacher, challenge.slug, 'public', { anyway })).rejects.toMatchObject(early(/Somebody may submit until/));
  }
  await extended(ago(1));
  await database().update(challenges).set({ policy: { lateHours: 1 } }).where(eq(challenges.id, challenge.id));
  await expect(revealPhase(teacher, challenge.slug, 'public')).rejects.toMatchObject(early(/late or by an extension/));
  await database().update(challenges).set({ policy: {} }).where(eq(challenges.id, challenge.id));
  expect((await revealPhase(teacher, challenge.slug, 'public')).revealed).not.toBeNull();
});

test('the public seed is revealed once and stays as it was promised', async () => {
  await shut();
  const first = await revealPhase(teacher, challenge.slug, 'public');
  expect(first.revealed!.seed).toBe((await seedsOf())[0]);
  expect(commitmentOf(Buffer.from(first.revealed!.seed, 'hex'))).toBe(first.seedCommitment);
  expect(await revealPhase(teacher, challenge.slug, 'public')).toEqual(first);
  const { phases: shown } = await getChallenge(challenge.slug);
  expect(shown.map(({ revealed }) => revealed !== null)).toEqual([true, false]);
  expect(JSON.stringify(shown)).not.toContain((await seedsOf())[1]);
});

test('after a reveal the challenge stays closed', async () => {
  await shut();
  await revealPhase(teacher, challenge.slug, 'public');
  for (const later of [null, new Date(Date.now() + 3_600_000)]) {
    await expect(setDeadline(teacher, challenge.slug, later)).rejects.toMatchObject({ status: 409 });
  }
  expect((await getChallenge(challenge.slug)).state).toBe('closed');
});

test('a deadline before the opening is refused; one may be taken away', async () => {
  await expect(setDeadline(teacher, challenge.slug, ago(120))).rejects.toMatchObject({ status: 400 });
  await shut();
  expect((await setDeadline(teacher, challenge.slug, null)).state).toBe('open');
});

test('the final seed waits for the evaluations of its phase, or for the word of an instructor', async () => {
  await evaluated(student, challenge.id, all);
  await shut();
  await expect(revealPhase(teacher, challenge.slug, 'final')).rejects.toMatchObject(early(/Nothing has been entered/));
  await enterFinal(teacher, challenge.slug);
  await expect(revealPhase(teacher, challenge.slug, 'final')).rejects.toMatchObject(early(/^1 of the 1 evaluations/));

  const [, finalPhase] = (await getChallenge(challenge.slug)).phases;
  const ended = { status: 'failed' as const, finishedAt: new Date(), failure: { blame: 'platform' as const, message: 'a test' } };
  for (const { id } of await database().select().from(evaluations).where(eq(evaluations.phaseId, finalPhase.id))) await endShards(id, false);
  await database().update(evaluations).set(ended).where(eq(evaluations.phaseId, finalPhase.id));
  expect((await revealPhase(teacher, challenge.slug, 'final')).revealed!.seed).toBe((await seedsOf())[1]);
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject(early(/has been revealed/));
});

test('anyway is enough', async () => {
  await evaluated(student, challenge.id, all);
  await shut();
  await enterFinal(teacher, challenge.slug);
  expect((await revealPhase(teacher, challenge.slug, 'final', { anyway: true })).revealed).not.toBeNull();
  expect(await database().$count(users)).toBeGreaterThan(1);
});
