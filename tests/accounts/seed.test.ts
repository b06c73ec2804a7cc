// The accounts that the platform makes itself: the demo's, also where an older installation lacks some, and those of `gauntlet setup`.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setupToken } from '../../lib/accounts/first-administrator.ts';
import { findUserByEmail } from '../../lib/auth/users.ts';
import { baselines } from '../../lib/baselines/index.ts';
import { seedDemo, type Account } from '../../lib/bootstrap/seed.ts';
import { createChallenge } from '../../lib/challenges/challenges.ts';
import { setUpCourse } from '../../lib/cli/course.ts';
import { connect, database } from '../../lib/db/client.ts';
import { challenges, members, submissions, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
});

let fresh: FreshDatabase;
let home: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  home = await mkdtemp(join(tmpdir(), 'gauntlet-seed-'));
  // The challenge is there with its baselines, whose inspection takes long and is nothing of accounts.
  const { id } = await createChallenge({ slug: 'fashion-mnist', title: 'A course', protocol, primaryMetric: 'mixed' });
  const owner = await person('instructor');
  for (const { name } of baselines) {
    const { submissionId } = await submit(owner, id);
    await database().update(submissions).set({ name, baseline: true }).where(eq(submissions.id, submissionId));
  }
});
afterAll(async () => {
  await fresh.drop();
  await rm(home, { recursive: true, force: true });
});

/** What `gauntlet setup` prints. It leaves the database, so that the test connects again. */
async function setUp(more: { instructor: string; administrator?: string }): Promise<string> {
  const lines: string[] = [];
  const print = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const course = { name: 'Instructor', slug: 'fashion-mnist', title: 'A course', protocol: 'quick' as const, ...more };
  await setUpCourse(course).finally(() => {
    print.mockRestore();
    connect(fresh.url);
  });
  return lines.join('\n');
}

const roleOf = async (email: string) => (await findUserByEmail(email))?.role;

test('setting up prints the token of /setup as long as there is no administrator, and makes one when told whom', async () => {
  const first = await setUp({ instructor: 'ines@uni.test' });
  expect(first).toMatch(/Instructor ines@uni.test, password \S+ /);
  expect(first).toContain(setupToken());
  expect(await roleOf('ines@uni.test')).toBe('instructor');

  const second = await setUp({ instructor: 'ines@uni.test', administrator: 'ada@uni.test' });
  expect(second).toMatch(/Administrator ada@uni.test, password \S+ /);
  expect(await roleOf('ada@uni.test')).toBe('administrator');

  const third = await setUp({ instructor: 'ines@uni.test', administrator: 'ada@uni.test' });
  expect(third).not.toMatch(/password|setup/);
  await expect(setUp({ instructor: 'ines@uni.test', administrator: 'ines@uni.test' })).rejects.toMatchObject({ status: 409 });
  const verified = await database().select({ email: users.email }).from(users).where(isNotNull(users.emailVerifiedAt)).orderBy(users.email);
  expect(verified.map(({ email }) => email)).toEqual(['ada@uni.test', 'ines@uni.test']);
});

test('the demo has one of each kind, whatever an older installation kept', async () => {
  const old = { role: 'student', name: 'Sam Student', email: 'student@gauntlet.test', password: 'kept from before' } as const;
  await writeFile(join(home, 'accounts.json'), JSON.stringify([old]));
  const accounts = await seedDemo(home, { protocol: 'quick', say: () => {} });
  expect(accounts[0]).toEqual(old);
  expect(accounts.map(({ role }) => role).sort()).toEqual(['administrator', 'assistant', 'instructor', 'student', 'student']);
  expect(new Set(accounts.map(({ password }) => password)).size).toBe(5);
  expect(JSON.parse(await readFile(join(home, 'accounts.json'), 'utf8'))).toEqual(accounts);
  for (const { role, email } of accounts) expect(await roleOf(email)).toBe(role === 'assistant' ? 'student' : role);

  const [{ id }] = await database().select().from(challenges);
  const assistant = (await findUserByEmail('assistant@gauntlet.test'))!;
  const assistants = await database().select().from(members).where(eq(members.role, 'assistant'));
  expect(assistants).toMatchObject([{ userId: assistant.id, challengeId: id }]);
  const again: Account[] = await seedDemo(home, { protocol: 'quick', say: () => {} });
  expect(again).toEqual(accounts);
});
