// What administrators do to accounts: only they, always written down, and never to the last of them.
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deletePerson, endSessionsOf, makeResetCode, setDisabled, setSiteRole } from '../../lib/accounts/administer.ts';
import { deleteAccount } from '../../lib/accounts/delete.ts';
import { createFirstAdministrator, needsAdministrator, setupToken } from '../../lib/accounts/first-administrator.ts';
import { getPerson, listPeople } from '../../lib/accounts/people.ts';
import { signIn } from '../../lib/auth/sign-in.ts';
import { createToken, viewerOfToken } from '../../lib/auth/tokens.ts';
import type { User } from '../../lib/auth/users.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { account, browser, password, row, sessionsOf } from './stage.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
});

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const newest = async () => (await database().select().from(auditLog).orderBy(desc(auditLog.id)).limit(1))[0];

describe('the first administrator', () => {
  const wanted = { name: 'Ada', email: 'ada@uni.test', password };

  test('is made by the token of the log alone, once, whoever is faster', async () => {
    expect(await needsAdministrator()).toBe(true);
    for (const token of ['', 'guess', setupToken().slice(1), `${setupToken()}x`]) {
      await expect(createFirstAdministrator(token, wanted)).rejects.toMatchObject({ status: 403 });
    }
    const both = await Promise.allSettled([
      createFirstAdministrator(` ${setupToken()} `, wanted),
      createFirstAdministrator(setupToken(), { ...wanted, email: 'second@uni.test' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await needsAdministrator()).toBe(false);
    expect(await newest()).toMatchObject({ action: 'account.setup' });
    await expect(createFirstAdministrator(setupToken(), { ...wanted, email: 'late@uni.test' })).rejects.toMatchObject({ status: 409 });
  });
});

describe('with administrators', () => {
  let administrator: User;
  let student: User;
  beforeEach(async () => {
    // Nobody of an earlier test counts as one.
    await database().update(users).set({ role: 'student' }).where(eq(users.role, 'administrator'));
    administrator = await account({ role: 'administrator', name: 'Ada' });
    student = await account();
  });

  test('nobody else may see or change anything, nor an administrator who looks as a student', async () => {
    const others: (Viewer | null)[] = [null, student, await account({ role: 'instructor' }), { ...administrator, asStudent: true }];
    for (const viewer of others) {
      const status = viewer ? 403 : 401;
      const acts = [
        listPeople(viewer), getPerson(viewer, student.id), setSiteRole(viewer, student.id, 'administrator'),
        endSessionsOf(viewer, student.id), setDisabled(viewer, student.id, true), makeResetCode(viewer, student.id),
        deletePerson(viewer, student.id),
      ];
      for (const outcome of await Promise.allSettled(acts)) expect(outcome).toMatchObject({ status: 'rejected', reason: { status } });
    }
    expect(await row(student)).toMatchObject({ role: 'student', disabledAt: null });
  });

  test('people are found by name and address, text taken as it is', async () => {
    await account({ name: '100% Percival', email: 'percival@uni.test' });
    expect((await listPeople(administrator, '0% per')).people.map(({ name }) => name)).toEqual(['100% Percival']);
    expect((await listPeople(administrator, 'PERCIVAL@')).total).toBe(1);
    expect(await listPeople(administrator, '_ercival')).toEqual({ people: [], total: 0 });
    const everybody = await listPeople(administrator);
    expect(everybody.total).toBe(everybody.people.length);
    expect((await listPeople(administrator, '', 2)).people).toEqual([]);
    expect(JSON.stringify(everybody)).not.toContain('argon2');
  });

  test('a role changes at once, and is written down', async () => {
    await setSiteRole(administrator, student.id, 'instructor');
    expect(await row(student)).toMatchObject({ role: 'instructor' });
    expect(await newest()).toMatchObject({
      action: 'person.role', actorId: administrator.id, subject: student.id, detail: { from: 'student', to: 'instructor' },
    });
    await expect(setSiteRole(administrator, student.id, 'king')).rejects.toMatchObject({ status: 400 });
    await expect(setSiteRole(administrator, 'nobody', 'student')).rejects.toMatchObject({ status: 404 });
  });

  test('a disabled account is let in by no way, and by every one again', async () => {
    const { secret } = await createToken(student, 'script');
    await browser(student);
    await setDisabled(administrator, student.id, true);
    expect(await signIn(student.email, password, { address: '10.0.0.1', userAgent: '' })).toBe('disabled');
    expect(await viewerOfToken(secret)).toBeNull();
    expect(await sessionsOf(student)).toBe(0);
    await setDisabled(administrator, student.id, false);
    expect(await viewerOfToken(secret)).toMatchObject({ id: student.id });
    expect(await newest()).toMatchObject({ action: 'person.enable' });
    await expect(setDisabled(administrator, administrator.id, true)).rejects.toMatchObject({ status: 409 });
  });

  test('sessions end', async () => {
    await browser(student);
    await endSessionsOf(administrator, student.id);
    expect(await sessionsOf(student)).toBe(0);
    expect(await newest()).toMatchObject({ action: 'person.sessions', subject: student.id });
  });

  test('a person is deleted, and the log keeps who did it', async () => {
    expect(await getPerson(administrator, student.id)).toMatchObject({ name: 'Ana', hasPassword: true, submissions: 0, challenges: [] });
    await deletePerson(administrator, student.id);
    expect(await row(student)).toBeUndefined();
    expect(await newest()).toMatchObject({ action: 'person.delete', actorName: 'Ada', subject: student.id });
    await expect(getPerson(administrator, student.id)).rejects.toMatchObject({ status: 404 });
    await expect(deletePerson(administrator, administrator.id)).rejects.toMatchObject({ status: 409 });
  });

  test('the last administrator stays one, whatever is tried', async () => {
    await expect(setSiteRole(administrator, administrator.id, 'student')).rejects.toMatchObject({ status: 409 });
    await expect(deleteAccount(administrator, password)).rejects.toMatchObject({ status: 409 });
    const second = await account({ role: 'administrator' });
    // A disabled one cannot take over, so that it does not count.
    await setDisabled(administrator, second.id, true);
    await expect(setSiteRole(administrator, administrator.id, 'student')).rejects.toMatchObject({ status: 409 });
    expect(await row(administrator)).toMatchObject({ role: 'administrator' });
  });

  test('of two who demote each other at once one stays', async () => {
    const second = await account({ role: 'administrator' });
    const both = await Promise.allSettled([
      setSiteRole(administrator, second.id, 'student'), setSiteRole(second, administrator.id, 'student'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await database().$count(users, eq(users.role, 'administrator'))).toBe(1);
  });
});
