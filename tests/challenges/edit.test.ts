// Changing a challenge: what each change does and writes down, whom it is refused to, and what protects the students in it.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archiveChallenge, unarchiveChallenge } from '../../lib/challenges/archive.ts';
import { deleteAnnouncement, postAnnouncement } from '../../lib/challenges/announcements.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { closeNow, editAbout, openNow, setDates, setPolicy } from '../../lib/challenges/edit.ts';
import { setJoinCode } from '../../lib/challenges/join-code.ts';
import { pauseIntake, resumeIntake } from '../../lib/challenges/pause.ts';
import { policyOf } from '../../lib/challenges/policy.ts';
import { revealPhase } from '../../lib/challenges/reveal.ts';
import { settingsOf } from '../../lib/challenges/settings.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, members, teams } from '../../lib/db/schema.ts';
import { changeProtocol } from '../../lib/evaluations/change-protocol.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { enrol, person, submit } from '../evaluations/stage.ts';
import { everybody, idOf, lastAct, type Everybody } from './stage.ts';

let fresh: FreshDatabase;
let who: Everybody;
let slug = 'c0';
let count = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
beforeEach(async () => {
  slug = `c${++count}`;
  who = await everybody(slug);
});
afterAll(() => fresh.drop());

const conflict = (message: RegExp) => ({ status: 409, message: expect.stringMatching(message) });
const ahead = { timeZone: 'UTC', opens: '2026-01-01T00:00', closes: '2099-01-01T00:00' };

const acts: [string, (viewer: Viewer | null) => Promise<unknown>][] = [
  ['editAbout', (viewer) => editAbout(viewer, slug, { title: 'Mine' })],
  ['setDates', (viewer) => setDates(viewer, slug, ahead)],
  ['openNow', (viewer) => openNow(viewer, slug)],
  ['closeNow', (viewer) => closeNow(viewer, slug)],
  ['setPolicy', (viewer) => setPolicy(viewer, slug, {})],
  ['changeProtocol', (viewer) => changeProtocol(viewer, slug, { protocol: null, primaryMetric: 'clean' })],
  ['setJoinCode', (viewer) => setJoinCode(viewer, slug)],
  ['pauseIntake', (viewer) => pauseIntake(viewer, slug, 'because')],
  ['resumeIntake', (viewer) => resumeIntake(viewer, slug)],
  ['archiveChallenge', (viewer) => archiveChallenge(viewer, slug)],
  ['unarchiveChallenge', (viewer) => unarchiveChallenge(viewer, slug)],
  ['postAnnouncement', (viewer) => postAnnouncement(viewer, slug, { title: 'a', body: 'b' })],
  ['deleteAnnouncement', (viewer) => deleteAnnouncement(viewer, slug, 'none')],
  ['settingsOf', (viewer) => settingsOf(viewer, slug)],
];

test('every act is for the instructors of the challenge', async () => {
  const before = await getChallenge(slug);
  for (const [name, act] of acts) {
    await expect(act(null), name).rejects.toMatchObject({ status: 401 });
    for (const viewer of [who.outsider, who.student, who.assistant, who.other, { ...who.teacher, asStudent: true }]) {
      await expect(act(viewer), name).rejects.toMatchObject({ status: 403 });
    }
  }
  expect(await getChallenge(slug)).toEqual(before);
  slug = 'no-such';
  for (const [name, act] of acts) await expect(act(who.administrator), name).rejects.toMatchObject({ status: 404 });
});

test('nothing of an archived challenge changes', async () => {
  await closeNow(who.teacher, slug);
  await archiveChallenge(who.teacher, slug);
  const before = await getChallenge(slug);
  for (const [name, act] of acts.filter(([one]) => one !== 'unarchiveChallenge' && one !== 'settingsOf')) {
    await expect(act(who.teacher), name).rejects.toMatchObject(conflict(/is archived/));
  }
  expect(await getChallenge(slug)).toEqual(before);
});

test('words change with before and after written down, and nothing is written where nothing changes', async () => {
  await editAbout(who.teacher, slug, { title: 'Sturdy vision', description: '', rules: 'Be fair.', visibility: 'members' });
  expect(await getChallenge(slug)).toMatchObject({ title: 'Sturdy vision', rules: 'Be fair.', visibility: 'members' });
  const act = await lastAct();
  expect(act).toMatchObject({ action: 'challenge.edit', subject: slug, actorName: who.teacher.name });
  expect(act.detail).toEqual({
    title: { before: 'Robust vision', after: 'Sturdy vision' },
    rules: { before: '', after: 'Be fair.' },
    visibility: { before: 'public', after: 'members' },
  });
  await editAbout(who.administrator, slug, { title: 'Sturdy vision', rules: 'Be fair.', visibility: 'members' });
  expect((await lastAct()).id).toBe(act.id);
  await expect(editAbout(who.teacher, slug, { title: '' })).rejects.toMatchObject({ status: 400 });
});

describe('dates', () => {
  test('are the zone’s, and a deadline moves to what is ahead', async () => {
    await setDates(who.teacher, slug, { timeZone: 'America/New_York', opens: '2026-01-01T00:00', closes: '2099-01-01T00:00' });
    const there = { timeZone: 'America/New_York', opensAt: '2026-01-01T05:00:00.000Z', closesAt: '2099-01-01T05:00:00.000Z' };
    expect(await getChallenge(slug)).toMatchObject(there);
    expect((await lastAct()).detail).toHaveProperty('closesAt', { before: null, after: '2099-01-01T05:00:00.000Z' });
    expect(await settingsOf(who.teacher, slug)).toMatchObject({ opens: '2026-01-01T00:00', closes: '2099-01-01T00:00' });
    await expect(setDates(who.teacher, slug, { ...ahead, closes: '2026-02-01T00:00' })).rejects.toMatchObject({ status: 400 });
  });

  test('once closed the other dates can be saved with the deadline as it was', async () => {
    await closeNow(who.teacher, slug);
    const { opens, closes } = await settingsOf(who.teacher, slug);
    const before = await getChallenge(slug);
    await setDates(who.teacher, slug, { timeZone: 'Europe/Berlin', opens, closes });
    expect(await getChallenge(slug)).toEqual(before);
  });

  test('an opening waits or comes at once, until students have submitted', async () => {
    const later = { timeZone: 'UTC', opens: '2098-01-01T00:00' };
    await setDates(who.teacher, slug, later);
    expect((await getChallenge(slug)).state).toBe('upcoming');
    await expect(closeNow(who.teacher, slug)).rejects.toMatchObject(conflict(/not opened yet/));
    await openNow(who.teacher, slug);
    expect((await getChallenge(slug)).state).toBe('open');
    await expect(openNow(who.teacher, slug)).rejects.toMatchObject(conflict(/opened already/));
    await submit(who.student, await idOf(slug));
    await expect(setDates(who.teacher, slug, later)).rejects.toMatchObject(conflict(/pause intake/));
  });

  test('close now closes, once; after a reveal it stays so', async () => {
    await closeNow(who.teacher, slug);
    expect((await getChallenge(slug)).state).toBe('closed');
    await expect(closeNow(who.teacher, slug)).rejects.toMatchObject(conflict(/closed already/));
    await setDates(who.teacher, slug, ahead);
    expect((await getChallenge(slug)).state).toBe('open');
    await closeNow(who.teacher, slug);
    await revealPhase(who.teacher, slug, 'public');
    for (const closes of ['2099-01-01T00:00', '']) {
      await expect(setDates(who.teacher, slug, { ...ahead, closes })).rejects.toMatchObject(conflict(/stays closed/));
    }
    expect((await settingsOf(who.teacher, slug)).revealed).toBe(true);
  });
});

describe('policy', () => {
  test('is saved whole and written down field by field', async () => {
    await setPolicy(who.teacher, slug, { successesPerDay: 4, attemptsPerDay: 8, counted: 'chosen' });
    expect((await getChallenge(slug)).policy).toEqual({ ...policyOf({}), successesPerDay: 4, attemptsPerDay: 8, counted: 'chosen' });
    expect((await lastAct()).detail).toEqual({
      successesPerDay: { before: 20, after: 4 }, attemptsPerDay: { before: 60, after: 8 }, counted: { before: 'best', after: 'chosen' },
    });
    const refusal = { status: 400, message: expect.stringMatching(/^Grace minutes: /) };
    await expect(setPolicy(who.teacher, slug, { graceMinutes: -1 })).rejects.toMatchObject(refusal);
  });

  test('takes no pseudonym away, and breaks no team', async () => {
    const id = await idOf(slug);
    await setPolicy(who.teacher, slug, { teamSize: 3 });
    const [team] = await database().insert(teams).values({ challengeId: id, name: 'T', leaderId: who.student.id }).returning();
    const mates = [who.student, await enrol(await person(), id)];
    for (const mate of mates) await database().update(members).set({ teamId: team.id }).where(eq(members.userId, mate.id));
    await expect(setPolicy(who.teacher, slug, { teamSize: 1 })).rejects.toMatchObject(conflict(/has 2 members/));
    await setPolicy(who.teacher, slug, { teamSize: 2 });
    await database().update(members).set({ pseudonym: 'Fox' }).where(eq(members.userId, who.student.id));
    const naming = setPolicy(who.teacher, slug, { teamSize: 2, pseudonyms: false });
    await expect(naming).rejects.toMatchObject(conflict(/1 member stands under a pseudonym/));
  });
});

test('the join code is made anew, and switched off; the log never has it', async () => {
  const codes = [(await settingsOf(who.teacher, slug)).joinCode!];
  await setJoinCode(who.teacher, slug);
  codes.push((await settingsOf(who.teacher, slug)).joinCode!);
  expect(codes[1]).not.toBe(codes[0]);
  await setJoinCode(who.teacher, slug, { off: true });
  expect((await settingsOf(who.teacher, slug)).joinCode).toBeNull();
  expect(await lastAct()).toMatchObject({ action: 'challenge.join-code-off', detail: { joinCode: { before: 'a code', after: null } } });
  const log = JSON.stringify(await database().select().from(auditLog));
  for (const code of codes) expect(log).not.toContain(code);
});

test('intake pauses for a reason and resumes', async () => {
  await expect(pauseIntake(who.teacher, slug, ' ')).rejects.toMatchObject({ status: 400 });
  await expect(resumeIntake(who.teacher, slug)).rejects.toMatchObject(conflict(/not paused/));
  await pauseIntake(who.teacher, slug, 'The workers move house.');
  expect((await getChallenge(slug)).paused).toEqual({ reason: 'The workers move house.' });
  await pauseIntake(who.teacher, slug, 'Still moving.');
  expect((await getChallenge(slug)).paused).toEqual({ reason: 'Still moving.' });
  await resumeIntake(who.teacher, slug);
  expect((await getChallenge(slug)).paused).toBeNull();
});

test('a challenge is archived when it is closed, and comes back', async () => {
  await expect(archiveChallenge(who.teacher, slug)).rejects.toMatchObject(conflict(/Close it first/));
  await expect(unarchiveChallenge(who.teacher, slug)).rejects.toMatchObject(conflict(/not archived/));
  await closeNow(who.teacher, slug);
  await archiveChallenge(who.teacher, slug);
  expect((await getChallenge(slug)).archived).toBe(true);
  await unarchiveChallenge(who.teacher, slug);
  expect(await getChallenge(slug)).toMatchObject({ archived: false, state: 'closed' });
  expect(await lastAct()).toMatchObject({ action: 'challenge.unarchive' });
});
