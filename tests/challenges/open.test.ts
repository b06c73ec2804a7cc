// Opening a challenge: who may, what comes of what was typed, and everything that is refused before anything is stored.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { findChallenge } from '../../lib/challenges/challenges.ts';
import { openChallenge } from '../../lib/challenges/open.ts';
import { policyOf } from '../../lib/challenges/policy.ts';
import { previewProtocol } from '../../lib/challenges/protocol-choice.ts';
import { settingsOf } from '../../lib/challenges/settings.ts';
import { standingIn } from '../../lib/challenges/standing.ts';
import { database } from '../../lib/db/client.ts';
import { challenges } from '../../lib/db/schema.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { lastAct, opening } from './stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
afterAll(() => fresh.drop());

const refused = async (more: Parameters<typeof opening>[1], message: RegExp, status = 400) => {
  await expect(openChallenge(teacher, opening('refused', more))).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
  expect(await findChallenge('refused')).toBeNull();
};

test('instructors and administrators of the site open challenges, nobody else', async () => {
  await expect(openChallenge(null, opening('a'))).rejects.toMatchObject({ status: 401 });
  await expect(openChallenge(await person(), opening('a'))).rejects.toMatchObject({ status: 403 });
  await expect(openChallenge({ ...teacher, asStudent: true }, opening('a'))).rejects.toMatchObject({ status: 403 });
  const administrator = await person('administrator');
  const { id } = await openChallenge(administrator, opening('of-admin'));
  expect(await standingIn(teacher, id)).toBe('visitor');
});

test('what was typed is what is there, and its opener is its instructor', async () => {
  const policy = { successesPerDay: 3, attemptsPerDay: 9, teamSize: 3, fullProtocol: 'counted', lateHours: 48, latePenaltyPerDay: 12.5 };
  const made = await openChallenge(teacher, opening('robust', {
    about: { title: ' Robust vision ', description: 'A course.', rules: '# Rules\n\nBe fair.', visibility: 'members' },
    opens: '2027-01-10T08:00', closes: '2027-01-31T23:59', primaryMetric: 'clean', policy,
  }));
  expect(made).toMatchObject({
    slug: 'robust', title: 'Robust vision', description: 'A course.', rules: '# Rules\n\nBe fair.', visibility: 'members',
    primaryMetric: 'clean', opensAt: '2027-01-10T07:00:00.000Z', closesAt: '2027-01-31T22:59:00.000Z', timeZone: 'Europe/Berlin', state: 'upcoming', protocol,
    policy: { ...policyOf({}), ...policy },
  });
  expect(await standingIn(teacher, made.id)).toBe('instructor');
  expect(await lastAct()).toMatchObject({
    action: 'challenge.create', actorId: teacher.id, challengeId: made.id, subject: 'robust', detail: { protocol: 'tiny' },
  });
});

test('the join code is drawn, for whom the settings are, and in no view', async () => {
  const { slug } = await openChallenge(teacher, opening('joined'));
  const { joinCode, challenge } = await settingsOf(teacher, slug);
  expect(joinCode).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}$/);
  expect(JSON.stringify([challenge, (await lastAct()).detail])).not.toContain(joinCode);
  await openChallenge(teacher, opening('unjoined', { joinable: false }));
  expect((await settingsOf(teacher, 'unjoined')).joinCode).toBeNull();
});

test('a taken slug, and one that is none, are refused', async () => {
  await openChallenge(teacher, opening('taken'));
  await expect(openChallenge(teacher, opening('taken'))).rejects.toMatchObject({ status: 409 });
  for (const slug of ['', 'new', 'Upper', '-dash', 'a/b', 'a'.repeat(65)]) {
    await expect(openChallenge(teacher, opening(slug)), slug).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/wanted/) });
  }
});

test('words and dates that are wrong are refused by name', async () => {
  await refused({ about: { title: ' ', rules: 'x'.repeat(50_001) } }, /Title: wanted\. Rules: wanted at most 50000 characters/);
  await refused({ opens: '2027-03-28T02:30' }, /02:30 on 2027-03-28 does not exist in Europe\/Berlin/);
  await refused({ opens: '2027-02-02T12:00', closes: '2027-02-01T12:00' }, /closes after it opens/);
  await refused({ opens: '2020-02-02T12:00', closes: '2021-02-01T12:00' }, /lies in the past/);
  await refused({ timeZone: 'CEST' }, /no time zone/);
});

test('a protocol that cannot be used, or not ranked by, is refused', async () => {
  await refused({ protocol: { name: 'none' } }, /no protocol "none"\. Choose gauntlet-v1, quick/);
  await refused({ protocol: { name: 'own', own: '{"name":' } }, /no JSON/);
  await refused({ protocol: { name: 'own', own: ' ' } }, /Paste a protocol/);
  await refused({ protocol: { name: 'own', own: JSON.stringify({ ...protocol, seed: 'mine' }) } }, /must not carry a seed/);
  await refused({ protocol: { name: 'own', own: JSON.stringify({ ...protocol, name: 'quick' }) } }, /name of a built-in protocol/);
  await refused({ primaryMetric: 'robust' }, /cannot be ranked by robust/);
  await refused({ primaryMetric: 'fame' }, /no metric "fame"/);
});

test('the headline alone must say which submission counts where only that one runs the rest', async () => {
  const policy = { fullProtocol: 'counted' };
  await refused({ protocol: { name: 'quick' }, primaryMetric: 'robust', policy }, /say which one counts; robust comes from the rest/);
  expect((await openChallenge(teacher, opening('tiered', { protocol: { name: 'quick' }, policy }))).policy.fullProtocol).toBe('counted');
  await refused({ policy: { successesPerDay: 5, attemptsPerDay: 4 } }, /5 successes a day need at least as many attempts/);
  await refused({ policy: { teamSize: 0, latePenaltyPerDay: 101 } }, /Late penalty per day: .*Team size: /);
});

test('what a protocol would cost, and its doubts, are told to staff before it is saved', async () => {
  const short = { kind: 'attack', attack: 'bim', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 2 };
  const doubtful = { name: 'short', trials: [{ kind: 'mixed' }, short] };
  const choice = { name: 'own', own: JSON.stringify(doubtful) };
  const preview = await previewProtocol(teacher, choice);
  expect(preview).toMatchObject({ name: 'short', measurable: ['mixed', 'robust'] });
  expect(preview.doubts).toEqual([expect.stringMatching(/cannot cross its ball/)]);
  expect(preview.cost.kinds.map(({ kind }) => kind)).toEqual(['mixed', 'attack bim']);
  expect(preview.cost.seconds).toBeGreaterThan(0);
  expect((await previewProtocol(teacher, { name: 'quick' })).measurable).toEqual(['mixed', 'meanPerturbation', 'robust', 'clean']);
  await expect(previewProtocol(null, choice)).rejects.toMatchObject({ status: 401 });
  await expect(previewProtocol(await person(), choice)).rejects.toMatchObject({ status: 403 });
});

test('a built-in protocol is stored as it is, and its own JSON is the same', async () => {
  const made = await openChallenge(teacher, opening('same', { protocol: { name: 'own', own: JSON.stringify(protocols.quick) } }));
  const [row] = await database().select().from(challenges).where(eq(challenges.id, made.id));
  expect((row.protocol as { name: string }).name).toBe('quick');
  expect(made.protocol.trials).toHaveLength(protocols.quick.trials.length);
});
