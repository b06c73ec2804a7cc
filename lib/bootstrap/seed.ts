// Fills a new installation: a demo challenge with its baselines, and accounts to sign in with.
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser, findUserByEmail } from '../auth/users.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { createChallenge, findChallenge } from '../challenges/challenges.ts';
import { database } from '../db/client.ts';
import { members } from '../db/schema.ts';
import { protocols, type ProtocolName } from '../evaluation/protocols.ts';
import { submitBaseline } from '../submissions/baseline.ts';

/** What the demo shows somebody as: `assistant` is a student of the site who helps in the demo's challenge. */
export type Account = { role: 'student' | 'assistant' | 'instructor' | 'administrator'; name: string; email: string; password: string };

const people = [
  { role: 'instructor', name: 'Ines Instructor', email: 'instructor@gauntlet.test' },
  { role: 'student', name: 'Sam Student', email: 'student@gauntlet.test' },
  { role: 'student', name: 'Robin Student', email: 'robin@gauntlet.test' },
  { role: 'assistant', name: 'Ash Assistant', email: 'assistant@gauntlet.test' },
  { role: 'administrator', name: 'Ada Administrator', email: 'administrator@gauntlet.test' },
] as const;

/** `files` are the baselines that the challenge gets; all of them unless said. */
export type DemoSeed = { protocol: ProtocolName; files?: readonly string[]; say: (line: string) => void };

/** Makes what is missing and leaves what is there; safe to run at every start. Returns the demo accounts. */
export async function seedDemo(home: string, { protocol, files, say }: DemoSeed): Promise<Account[]> {
  const accounts = await demoAccounts(home);
  const newAssistants: string[] = [];
  for (const account of accounts) {
    if (await findUserByEmail(account.email)) continue;
    const role = account.role === 'assistant' ? 'student' : account.role;
    const { id } = await createUser({ ...account, role, verified: true });
    if (account.role === 'assistant') newAssistants.push(id);
  }
  const owner = (await findUserByEmail(people[0].email))!;
  const slug = 'fashion-mnist';
  const challenge =
    (await findChallenge(slug)) ??
    (await createChallenge({
      slug,
      title: 'FashionMNIST, perturbed',
      description: 'Train a classifier that keeps its accuracy when the images are rotated, blurred, occluded, noisy or attacked.',
      protocol: protocols[protocol],
      primaryMetric: 'mixed',
      instructorId: owner.id,
    }));
  for (const userId of newAssistants) {
    await database().insert(members).values({ challengeId: challenge.id, userId, role: 'assistant' }).onConflictDoNothing();
  }
  for (const { file, name } of baselines.filter((one) => files?.includes(one.file) ?? true)) {
    say(`Baseline ${name} ...`);
    await submitBaseline({ challengeId: challenge.id, ownerId: owner.id, name, file, bytes: await readBaseline(file) });
  }
  return accounts;
}

/** The accounts, with passwords made once for this installation and kept beside its database; an older file gets whoever is new. */
async function demoAccounts(home: string): Promise<Account[]> {
  const file = join(home, 'accounts.json');
  const kept = JSON.parse(await readFile(file, 'utf8').catch(() => '[]')) as Account[];
  const missing = people.filter(({ email }) => !kept.some((one) => one.email === email));
  if (missing.length === 0) return kept;
  const accounts = [...kept, ...missing.map((person) => ({ ...person, password: randomBytes(9).toString('base64url') }))];
  await writeFile(`${file}.new`, JSON.stringify(accounts, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return accounts;
}
