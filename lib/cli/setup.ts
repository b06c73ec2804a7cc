// `gauntlet setup`: makes a course's database ready once: schema, an instructor's account, a challenge with its baselines.
import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { createUser, findUserByEmail } from '../auth/users.ts';
import { baselines, readBaseline } from '../baselines/index.ts';
import { createChallenge, findChallenge } from '../challenges/challenges.ts';
import { databaseUrl, disconnect } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { RequestError } from '../errors.ts';
import { protocols, type ProtocolName } from '../evaluation/protocols.ts';
import { submitBaseline } from '../submissions/baseline.ts';

type Options = { instructor: string; name: string; slug: string; title: string; protocol: ProtocolName; closes?: string };

async function setup({ instructor, name, slug, title, protocol, closes }: Options): Promise<void> {
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
    const challenge = there ?? (await createChallenge({ slug, title, protocol: protocols[protocol], closesAt }));
    console.log(there ? `Challenge /challenges/${slug} is there already and stays as it is.` : `Challenge /challenges/${slug} under ${protocol}.`);
    for (const phase of challenge.phases) console.log(`  seed commitment of the ${phase.kind} phase: ${phase.seedCommitment}`);
    for (const baseline of baselines) {
      await submitBaseline({ challengeId: challenge.id, ownerId: owner.id, name: baseline.name, file: baseline.file, bytes: await readBaseline(baseline.file) });
    }
    console.log(`${baselines.length} baselines are entered; a worker evaluates them.`);
  } finally {
    await disconnect();
  }
}

export function setupCommand(): Command {
  return new Command('setup')
    .description('make the database of DATABASE_URL ready for a course; what is there already stays')
    .requiredOption('--instructor <email>', 'address the instructor signs in with')
    .option('--name <name>', "the instructor's name", 'Instructor')
    .option('--slug <slug>', "last part of the challenge's address", 'fashion-mnist')
    .option('--title <title>', "the challenge's title", 'FashionMNIST, perturbed')
    .addOption(new Option('--protocol <name>', 'what is measured').choices(Object.keys(protocols)).default('gauntlet-v1'))
    .option('--closes <time>', 'deadline with its zone, like 2027-01-31T23:59:00+01:00 (default: none)')
    .action(setup);
}
