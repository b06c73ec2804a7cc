// Announcements, the list of challenges and what one asks of the machines: who sees what.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announcementsOf, deleteAnnouncement, newestAnnouncements, postAnnouncement } from '../../lib/challenges/announcements.ts';
import { capacityOf } from '../../lib/challenges/capacity.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { editAbout } from '../../lib/challenges/edit.ts';
import { challengesFor } from '../../lib/challenges/list.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { members, shards, workers } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { submit } from '../evaluations/stage.ts';
import { everybody, lastAct, type Everybody } from './stage.ts';

const slug = 'one';
let fresh: FreshDatabase;
let who: Everybody;
beforeAll(async () => {
  fresh = await freshDatabase();
  who = await everybody(slug);
});
afterAll(() => fresh.drop());

test('everybody who may read the challenge reads them, the newest first', async () => {
  const first = await postAnnouncement(who.teacher, slug, { title: 'Welcome', body: '**Hello**' });
  const second = await postAnnouncement(who.administrator, slug, { title: ' Data fixed ', body: 'Download it again.' });
  const { announcements } = await announcementsOf(null, slug);
  expect(announcements.map(({ id, title, by }) => [id, title, by])).toEqual([
    [second, 'Data fixed', who.administrator.name],
    [first, 'Welcome', who.teacher.name],
  ]);
  const { id } = await getChallenge(slug);
  expect((await newestAnnouncements(id, 1)).map(({ title }) => title)).toEqual(['Data fixed']);
  const empty = postAnnouncement(who.teacher, slug, { title: '', body: ' ' });
  await expect(empty).rejects.toMatchObject({ status: 400, message: 'Title: wanted. Body: wanted.' });
});

test('a deleted one is gone and written down; another challenge’s cannot be deleted from here', async () => {
  const id = await postAnnouncement(who.teacher, slug, { title: 'Wrong', body: 'Sorry.' });
  const { challenge: others } = (await challengesFor(who.other)).find(({ standing }) => standing === 'instructor')!;
  await expect(deleteAnnouncement(who.other, others.slug, id)).rejects.toMatchObject({ status: 404 });
  await expect(deleteAnnouncement(who.teacher, slug, 'no-id')).rejects.toMatchObject({ status: 404 });
  await deleteAnnouncement(who.teacher, slug, id);
  expect(await lastAct()).toMatchObject({ action: 'announcement.delete', subject: id, detail: { title: 'Wrong', body: 'Sorry.' } });
  expect((await announcementsOf(who.student, slug)).announcements.map(({ title }) => title)).not.toContain('Wrong');
});

test('a challenge for its members is listed and read by them alone', async () => {
  await editAbout(who.teacher, slug, { title: 'Robust vision', visibility: 'members' });
  await database().update(members).set({ extendedUntil: new Date('2099-01-01T00:00:00Z') }).where(eq(members.userId, who.student.id));
  const listed = async (viewer: Viewer | null) => (await challengesFor(viewer)).find(({ challenge }) => challenge.slug === slug);
  for (const viewer of [null, who.outsider, who.other]) {
    expect(await listed(viewer)).toBeUndefined();
    await expect(announcementsOf(viewer, slug)).rejects.toMatchObject({ status: viewer ? 403 : 401 });
  }
  expect(await listed(who.student)).toMatchObject({ standing: 'student', extendedUntil: '2099-01-01T00:00:00.000Z' });
  expect(await listed(who.assistant)).toMatchObject({ standing: 'assistant', extendedUntil: null });
  expect(await listed(who.teacher)).toMatchObject({ standing: 'instructor' });
  expect(await listed({ ...who.teacher, asStudent: true })).toMatchObject({ standing: 'student' });
  expect(await listed(who.administrator)).toMatchObject({ standing: 'administrator' });
  expect((await challengesFor(null)).map(({ standing }) => standing)).toEqual(['visitor']);
});

test('what waits, who evaluates and what a submission costs is counted', async () => {
  const challenge = await getChallenge(slug);
  const before = await capacityOf(challenge);
  expect(before).toMatchObject({ students: 1, queuedSeconds: 0, slots: 0 });
  expect(before.headlineSeconds).toBeGreaterThan(0);
  // The tiny protocol has a policy beside its headline.
  expect(before.fullSeconds).toBeGreaterThan(before.headlineSeconds);
  await submit(who.student, challenge.id);
  const beat = { name: 'w', engine: 'onnxruntime', device: 'cpu', concurrency: 3 };
  const old = new Date(Date.now() - 3_600_000);
  await database().insert(workers).values([
    { ...beat, id: crypto.randomUUID() },
    { ...beat, id: crypto.randomUUID(), heartbeatAt: old },
    { ...beat, id: crypto.randomUUID(), stoppedAt: new Date() },
  ]);
  const waiting = await database().select({ seconds: shards.estimatedSeconds }).from(shards);
  const { slots, queuedSeconds } = await capacityOf(challenge);
  expect(slots).toBe(3);
  expect(queuedSeconds).toBeCloseTo(waiting.reduce((sum, { seconds }) => sum + seconds, 0));
  await database().update(shards).set({ status: 'done', finishedAt: new Date() });
  expect((await capacityOf(challenge)).queuedSeconds).toBe(0);
});
