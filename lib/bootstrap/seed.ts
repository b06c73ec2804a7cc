// Fills a new installation: a demo challenge with its baselines, and accounts to sign in with.
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser, findUserByEmail } from '../auth/users.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { createChallenge, findChallenge } from '../challenges/challenges.ts';
import { protocols, type ProtocolName } from '../evaluation/protocols.ts';
import { submitBaseline } from '../submissions/baseline.ts';

export type Account = { role: 'student' | 'instructor'; name: string; email: string; password: string };

const people = [
  { role: 'instructor', name: 'Ines Instructor', email: 'instructor@gauntlet.test' },
  { role: 'student', name: 'Sam Student', email: 'student@gauntlet.test' },
  { role: 'student', name: 'Robin Student', email: 'robin@gauntlet.test' },
] as const;

/** Makes what is missing and leaves what is there; safe to run at every start. Returns the demo accounts. */
export async function seedDemo(home: string, protocol: ProtocolName, say: (line: string) => void): Promise<Account[]> {
  const accounts = await demoAccounts(home);
  for (const account of accounts) {
    if (!(await findUserByEmail(account.email))) await createUser(account);
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
  for (const { file, name } of baselines) {
    say(`Baseline ${name} ...`);
    await submitBaseline({ challengeId: challenge.id, ownerId: owner.id, name, file, bytes: await readBaseline(file) });
  }
  return accounts;
}

/** The accounts with passwords made once for this installation and kept beside its database. */
async function demoAccounts(home: string): Promise<Account[]> {
  const file = join(home, 'accounts.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as Account[];
  const accounts = people.map((person) => ({ ...person, password: randomBytes(9).toString('base64url') }));
  await writeFile(`${file}.new`, JSON.stringify(accounts, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return accounts;
}
