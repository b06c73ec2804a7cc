// The work of `gauntlet setup`, apart from its command: only who sets a course up waits for the database's packages to load.
import { randomBytes } from 'node:crypto';
import { createUser, findUserByEmail } from '../auth/users.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { createChallenge, findChallenge } from '../challenges/challenges.ts';
import { databaseUrl, disconnect } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';
import { protocols, type ProtocolName } from '../evaluation/protocols.ts';
import { submitBaseline } from '../submissions/baseline.ts';

export type Course = { instructor: string; name: string; slug: string; title: string; protocol: ProtocolName; closes?: string };

/** Makes what is missing and leaves what is there. Throws RequestError for a bad time or a student's address. */
export async function setUpCourse({ instructor, name, slug, title, protocol, closes }: Course): Promise<void> {
  const closesAt = closes === undefined ? null : new Date(closes);
  if (closesAt && Number.isNaN(closesAt.getTime())) {
    throw new RequestError(400, `--closes ${closes} is no time. Give one with its zone, like 2027-01-31T23:59:00+01:00.`);
  }
  try {
    await migrate(databaseUrl());
    const password = randomBytes(12).toString('base64url');
    const known = await findUserByEmail(instructor);
    if (known && known.role === 'student') throw new RequestError(409, `${instructor} has a student's account. Name another address for the instructor.`);
    const owner = known ?? (await createUser({ email: instructor, name, password, role: 'instructor' }));
    console.log(known ? `Instructor ${instructor} is there already.` : `Instructor ${instructor}, password ${password} (shown only now).`);

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
