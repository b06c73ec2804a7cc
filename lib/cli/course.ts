// The work of `gauntlet setup`, apart from its command: only who sets a course up waits for the database's packages to load.
import { randomBytes } from 'node:crypto';
import { needsAdministrator, setupToken } from '../accounts/first-administrator.ts';
import { createUser, findUserByEmail, type User } from '../auth/users.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { createChallenge, findChallenge } from '../challenges/challenges.ts';
import { databaseUrl, disconnect } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';
import { protocols, type ProtocolName } from '../evaluation/protocols.ts';
import { submitBaseline } from '../submissions/baseline.ts';

export type Course = { instructor: string; administrator?: string; name: string; slug: string; title: string; protocol: ProtocolName; closes?: string };

/** Makes what is missing and leaves what is there. Throws RequestError for a bad time or an address whose account is something else. */
export async function setUpCourse({ instructor, administrator, name, slug, title, protocol, closes }: Course): Promise<void> {
  const closesAt = closes === undefined ? null : new Date(closes);
  if (closesAt && Number.isNaN(closesAt.getTime())) {
    throw new RequestError(400, `--closes ${closes} is no time. Give one with its zone, like 2027-01-31T23:59:00+01:00.`);
  }
  try {
    await migrate(databaseUrl());
    const owner = await account('instructor', instructor, name);
    if (administrator) await account('administrator', administrator, 'Administrator');
    else if (await needsAdministrator()) console.log(`The site has no administrator yet: open /setup on it. ${whereTheTokenIs()}`);

    const there = await findChallenge(slug);
    const challenge = there ?? (await createChallenge({ slug, title, protocol: protocols[protocol], closesAt, instructorId: owner.id }));
    console.log(there ? `Challenge /challenges/${slug} is there already and stays as it is.` : `Challenge /challenges/${slug} under ${protocol}.`);
    for (const phase of challenge.phases) console.log(`  seed commitment of the ${phase.kind} phase: ${phase.seedCommitment}`);
    for (const baseline of baselines) {
      await submitBaseline({ challengeId: challenge.id, ownerId: owner.id, name: baseline.name, file: baseline.file, bytes: await readBaseline(baseline.file) });
    }
    console.log(`${baselines.length} baselines are entered; a worker evaluates them.`);
    if (!env().GAUNTLET_SIGNING_KEY) {
      console.log('The site signs receipts when it is given GAUNTLET_SIGNING_KEY, a key of its own: openssl genpkey -algorithm ed25519');
    }
  } finally {
    await disconnect();
  }
}

/** The account of an address, made with a password where there is none. Whoever runs this vouches for the address. */
async function account(role: 'instructor' | 'administrator', email: string, name: string): Promise<User> {
  const title = role === 'instructor' ? 'Instructor' : 'Administrator';
  const known = await findUserByEmail(email);
  if (!known) {
    const password = randomBytes(12).toString('base64url');
    const made = await createUser({ email, name, password, role, verified: true });
    console.log(`${title} ${email}, password ${password} (shown only now).`);
    return made;
  }
  const enough = known.role === 'administrator' || known.role === role;
  if (!enough) throw new RequestError(409, `${email} has a ${known.role}'s account. Name another address for the ${role}, or let an administrator change its role.`);
  console.log(`${title} ${email} is there already.`);
  return known;
}

const whereTheTokenIs = () =>
  env().NEXTAUTH_SECRET ? `The token it asks for: ${setupToken()}` : "The token it asks for then stands in the site's log.";
