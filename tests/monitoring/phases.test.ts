// The phases as staff steer them: what keeps a step waiting is listed, and what stands beside the current results is no part of it.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { setDeadline, setDeadlineAt } from '../../lib/challenges/close.ts';
import { revealPhase } from '../../lib/challenges/reveal.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, phases, workers } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { enterFinal } from '../../lib/evaluations/enter-final.ts';
import { startReevaluation } from '../../lib/evaluations/reevaluate.ts';
import { phasesOf } from '../../lib/monitoring/phases.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
beforeEach(async () => {
  challenge = await challengeOf(protocol, teacher);
  const opened = { opensAt: new Date(Date.now() - 60_000), timeZone: 'Europe/Berlin' };
  await database().update(challenges).set(opened).where(eq(challenges.id, challenge.id));
});
afterAll(() => fresh.drop());

const outcomes = (mixed: number) => ({ mixed, clean: 300, 'mixed+shift': 300 });

test('counts what is current, lists what has not ended, and follows the steps to the end', async () => {
  const [a, b] = [await person(), await person()];
  await evaluated(a, challenge.id, outcomes(300), { name: 'done' });
  const open = await evaluated(b, challenge.id, {}, { name: 'running' });
  const assistant = await enrol(await person(), challenge.id, 'assistant');
  await startReevaluation(teacher, challenge.slug, { phase: 'public', which: 'all', reason: 'Why.' });
  const first = await phasesOf(assistant, challenge.slug);
  expect(first).toMatchObject({
    standing: 'assistant', counted: 1,
    public: { all: 2, finished: 1, unfinished: 1, numericsClass: null, stalled: false, revealed: null },
    final: { all: 0 },
    unfinished: [{ submissionId: open.submissionId, name: 'running', status: 'running' }],
  });
  expect(JSON.stringify(first)).not.toMatch(/"seed":/);
  await expect(phasesOf(a, challenge.slug)).rejects.toMatchObject({ status: 403 });
  await expect(phasesOf(null, challenge.slug)).rejects.toMatchObject({ status: 401 });

  await setDeadline(teacher, challenge.slug, new Date(Date.now() - 1000));
  // The one that runs still keeps the final phase waiting; what is run again beside it does not.
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/^1 evaluations/) });
  await enterFinal(teacher, challenge.slug, { anyway: true });
  await revealPhase(teacher, challenge.slug, 'public');
  const last = await phasesOf(teacher, challenge.slug);
  expect(last).toMatchObject({ final: { all: 2, unfinished: 2 }, public: { revealed: { seed: expect.stringMatching(/^[0-9a-f]{64}$/) } } });
  const acts = await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id);
  expect(acts.map(({ action }) => action)).toEqual(['reevaluation.start', 'challenge.deadline', 'phase.final', 'phase.reveal']);
  expect(acts[2].detail).toEqual({ anyway: true });
});

test('a phase stalls when its attacks wait for a class of which no worker lives', async () => {
  const attacked: Protocol = { ...protocol, name: 'attacked', trials: [...protocol.trials, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 }] };
  challenge = await challengeOf(attacked, teacher);
  await submit(await person(), challenge.id);
  const own = and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public'));
  await database().update(phases).set({ numericsClass: 'an engine 1 on cpu' }).where(own);
  const found = async () => (await phasesOf(teacher, challenge.slug)).public;
  expect(await found()).toMatchObject({ stalled: true, numericsClass: 'an engine 1 on cpu' });
  await database().insert(workers).values({ id: crypto.randomUUID(), name: 'w', engine: 'an engine 1', device: 'cpu', concurrency: 1 });
  expect(await found()).toMatchObject({ stalled: false });
});

test('the deadline is set by the clocks of the challenge’s zone, and not in the archive', async () => {
  await setDeadlineAt(teacher, challenge.slug, '2031-07-01T23:59');
  expect((await getChallenge(challenge.slug)).closesAt).toBe('2031-07-01T21:59:00.000Z');
  await expect(setDeadlineAt(teacher, challenge.slug, 'tomorrow')).rejects.toMatchObject({ status: 400 });
  await setDeadlineAt(teacher, challenge.slug, '');
  expect((await getChallenge(challenge.slug)).closesAt).toBeNull();
  await expect(setDeadlineAt(await person('instructor'), challenge.slug, '')).rejects.toMatchObject({ status: 403 });
  await database().update(challenges).set({ archivedAt: new Date() }).where(eq(challenges.id, challenge.id));
  await expect(setDeadlineAt(teacher, challenge.slug, '2031-07-01T23:59')).rejects.toMatchObject({ status: 409 });
});
