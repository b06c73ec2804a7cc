// Mail from the transaction of an event to a real mail server: once, to who wants it, and given up when it is refused for good.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setSite, clear, notificationsOf, reachable, waiting } from './stage.ts';
import { startMailServer, type MailServer } from './mail-server.ts';

const server: MailServer = await startMailServer();
setSite({ SMTP_URL: server.url, MAIL_FROM: 'Gauntlet <gauntlet@gauntlet.test>' });
const { database } = await import('../../lib/db/client.ts');
const { notifications, users } = await import('../../lib/db/schema.ts');
const { openMailer } = await import('../../lib/mail/post-mail.ts');
const { mailAttempts, sendMail } = await import('../../lib/mail/send-mail.ts');
const { deliverNotifications } = await import('../../lib/notifications/deliver.ts');
const { notify } = await import('../../lib/notifications/notify.ts');
const { setPreferences, preferencesOf, readPreferences } = await import('../../lib/notifications/preferences.ts');
const { readUnsubscribeToken, unsubscribe, unsubscribeToken } = await import('../../lib/notifications/unsubscribe.ts');
const { freshDatabase } = await import('../database.ts');

let db: Awaited<ReturnType<typeof freshDatabase>>;
const mailer = openMailer();
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(async () => {
  mailer.close();
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  server.letters.length = 0;
  for (const task of ['send-mail', 'deliver-notifications', 'deliver-webhook']) await clear(task);
});

const announcement = {
  challenge: { slug: 'c', title: 'Perturbed FashionMNIST' },
  title: 'New deadline',
  body: 'It is a week later.\n\nGood luck!',
  author: 'Ines',
};
const tellAll = (ids: string[], subjectId = 'a1') =>
  database().transaction((tx) => notify(tx, 'announcement', { users: ids, subjectId, payload: announcement }));

/** Does what the waiting jobs ask for, as a worker would. */
async function work(): Promise<string[]> {
  for (const { payload } of await waiting('deliver-notifications')) await deliverNotifications(payload.notificationIds);
  await clear('deliver-notifications');
  const outcomes = [];
  for (const { payload } of await waiting('send-mail')) outcomes.push(await mailer.post(payload));
  await clear('send-mail');
  return outcomes;
}

describe('mail', () => {
  test('is sent when the transaction of the event commits, and not when it does not', async () => {
    const [one, two] = [await reachable(), await reachable()];
    await database().transaction(async (tx) => {
      await notify(tx, 'announcement', { users: [two.id], subjectId: 'never', payload: announcement });
      throw new Error('the event did not happen');
    }).catch(() => {});
    await tellAll([one.id]);
    expect(await work()).toEqual(['sent']);
    expect(server.signedIn).toBeGreaterThan(0);
    expect(server.letters).toHaveLength(1);
    const [{ to, headers, text }] = server.letters;
    expect(to).toEqual([one.email]);
    expect(headers.get('subject')).toBe('Perturbed FashionMNIST: New deadline');
    expect(headers.get('from')).toBe('Gauntlet <gauntlet@gauntlet.test>');
    expect(text).toContain(`Hello ${one.name},\n\nInes writes to everybody in Perturbed FashionMNIST:`);
    expect(text).toContain('It is a week later.\n\nGood luck!\n\nhttps://gauntlet.test/challenges/c\n');
    expect(await notificationsOf(one)).toMatchObject([{ kind: 'announcement', emailedAt: expect.any(Date) }]);
    expect(await notificationsOf(two)).toEqual([]);
  });

  test('is one, however often the event is noted, delivered or its job run', async () => {
    const one = await reachable();
    await tellAll([one.id, one.id]);
    await tellAll([one.id]);
    const [deliver, ...more] = await waiting('deliver-notifications');
    expect(more).toEqual([]);
    await deliverNotifications(deliver.payload.notificationIds);
    await deliverNotifications(deliver.payload.notificationIds);
    const [mail, ...others] = await waiting('send-mail');
    expect(others).toEqual([]);
    expect(mail.maxAttempts).toBe(mailAttempts);
    expect([await mailer.post(mail.payload), await mailer.post(mail.payload)]).toEqual(['sent', 'already']);
    expect(server.letters).toHaveLength(1);
    expect(server.letters[0].headers.get('message-id')).toBe(`<${mail.payload.notificationId}@gauntlet.test>`);
  });

  test('goes neither to an unproved address, nor to a disabled account, nor to who turned its kind off', async () => {
    const [unproved, disabled, silent, eager] = [await reachable(), await reachable(), await reachable(), await reachable()];
    await database().update(users).set({ emailVerifiedAt: null }).where(eq(users.id, unproved.id));
    await database().update(users).set({ disabledAt: new Date() }).where(eq(users.id, disabled.id));
    await setPreferences(silent, { ...preferencesOf({}).email, announcement: false });
    await tellAll([unproved.id, disabled.id, silent.id, eager.id], 'a2');
    expect(await work()).toEqual(['sent']);
    expect(server.letters.map(({ to }) => to)).toEqual([[eager.email]]);
  });

  test('that comes days late is not sent', async () => {
    const one = await reachable();
    await tellAll([one.id], 'a3');
    const createdAt = new Date(Date.now() - 49 * 3_600_000);
    await database().update(notifications).set({ createdAt }).where(eq(notifications.userId, one.id));
    expect(await work()).toEqual([]);
  });

  test('that is refused for now is tried again, and given up at the last attempt; refused for good, at once', async () => {
    const one = await reachable();
    await tellAll([one.id], 'a4');
    const [deliver] = await waiting('deliver-notifications');
    await deliverNotifications(deliver.payload.notificationIds);
    const [{ payload }] = await waiting('send-mail');
    server.refusals.push({ code: 451, text: 'greylisted' });
    await expect(mailer.post(payload)).rejects.toThrow('greylisted');
    expect(await notificationsOf(one)).toMatchObject([{ emailedAt: null, emailProblem: null }]);
    server.refusals.push({ code: 550, text: 'no such mailbox' });
    expect(await mailer.post(payload)).toBe('refused');
    expect(await notificationsOf(one)).toMatchObject([{ emailedAt: null, emailProblem: expect.stringContaining('no such mailbox') }]);
    expect(await mailer.post(payload)).toBe('already');
    const plain = { to: one.email, subject: 'Your code', text: 'It is 123.' };
    server.refusals.push({ code: 451, text: 'greylisted' });
    expect(await mailer.post(plain, { last: true })).toBe('refused');
    expect(server.letters).toEqual([]);
  });

  test('waits while the server does not take our password: that is ours to mend', async () => {
    const wrong = openMailer({ SMTP_URL: server.url.replace('letterbox', 'wrong'), MAIL_FROM: 'g@gauntlet.test' });
    await expect(wrong.post({ to: 'a@b.test', subject: 's', text: 't' })).rejects.toThrow(/login|password/i);
    wrong.close();
  });

  test('is refused before it is queued when its address or subject could carry another', async () => {
    const send = (mail: { to: string; subject: string }) => database().transaction((tx) => sendMail(tx, { ...mail, text: 'x' }));
    await expect(send({ to: 'a@b.test, c@d.test', subject: 's' })).rejects.toThrow();
    await expect(send({ to: 'a@b.test', subject: 's\r\nBcc: c@d.test' })).rejects.toThrow();
    await send({ to: 'root@localhost', subject: 's' });
    expect(await waiting('send-mail')).toHaveLength(1);
  });
});

describe('turning mail off', () => {
  test('takes one click on the link of the mail, or one POST of the mail program', async () => {
    const one = await reachable();
    await tellAll([one.id], 'a5');
    await work();
    const { headers, text } = server.letters[0];
    const link = /https:\S+unsubscribe\?token=(\S+)/.exec(text)!;
    expect(link[0]).toMatch('https://gauntlet.test/account/notifications/unsubscribe?');
    expect(headers.get('list-unsubscribe')).toBe(`<https://gauntlet.test/api/notifications/unsubscribe?token=${link[1]}>`);
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(readUnsubscribeToken(link[1])).toEqual({ userId: one.id, kind: 'announcement', label: 'An announcement is made' });
    expect((await readPreferences(one)).email.announcement).toBe(true);
    await unsubscribe(link[1]);
    expect((await readPreferences(one)).email).toEqual({ ...preferencesOf({}).email, announcement: false });
  });

  test('needs our signature over the very person and kind', async () => {
    const [one, two] = [await reachable(), await reachable()];
    const signed = unsubscribeToken(one.id, 'announcement').split('.')[2];
    for (const forged of [`${two.id}.announcement.${signed}`, `${one.id}.deadline-near.${signed}`, `${one.id}.announcement.`, 'x', '']) {
      await expect(unsubscribe(forged)).rejects.toMatchObject({ status: 404 });
    }
  });

  test('leaves unreadable preferences as they come', () => {
    const asItComes = preferencesOf({}).email;
    expect(asItComes).toMatchObject({ 'evaluation-finished': false, 'evaluation-failed': true, 'deadline-near': true });
    for (const odd of [null, 'x', { email: 'x' }, { email: { announcement: 'x' } }, { email: { gone: false } }]) {
      expect(preferencesOf(odd).email).toEqual(asItComes);
    }
  });
});

