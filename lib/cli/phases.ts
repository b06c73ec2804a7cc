// The work of `gauntlet close`, `final` and `reveal`, apart from their commands: only they wait for the database's packages to load.
import { operatorId } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { getChallenge, listChallenges } from '../challenges/challenges.ts';
import { setDeadline } from '../challenges/close.ts';
import { revealPhase } from '../challenges/reveal.ts';
import { disconnect } from '../db/client.ts';
import { RequestError } from '../errors.ts';
import { enterFinal } from '../evaluations/enter-final.ts';

/** Whoever holds the database's address may do everything in it. */
const operator: Viewer = { id: operatorId, name: 'the command line', role: 'administrator' };

/** The challenge named, or the only one there is. Closes the connections in the end. */
async function withChallenge(slug: string | undefined, use: (slug: string) => Promise<void>): Promise<void> {
  try {
    const all = slug === undefined ? await listChallenges() : [await getChallenge(slug)];
    if (all.length !== 1) {
      const names = all.map((one) => one.slug).join(', ') || 'there is none';
      throw new RequestError(400, `Which challenge? Name one with --challenge: ${names}.`);
    }
    await use(all[0].slug);
  } finally {
    await disconnect();
  }
}

export function close(options: { challenge?: string; at?: string }): Promise<void> {
  const at = options.at === undefined ? new Date() : new Date(options.at);
  if (Number.isNaN(at.getTime())) {
    throw new RequestError(400, `--at ${options.at} is no time. Give one with its zone, like 2027-01-31T23:59:00+01:00.`);
  }
  return withChallenge(options.challenge, async (slug) => {
    const { closesAt, state } = await setDeadline(operator, slug, at);
    console.log(`/challenges/${slug} ${state === 'closed' ? 'is closed since' : 'closes at'} ${closesAt} (UTC).`);
  });
}

export function final(options: { challenge?: string; anyway?: boolean }): Promise<void> {
  return withChallenge(options.challenge, async (slug) => {
    const { entered, already, failed } = await enterFinal(operator, slug, options);
    const others = `${already} were there already, ${failed} had failed`;
    console.log(`/challenges/${slug}: ${entered} submissions entered into the final phase, ${others}.`);
  });
}

export function reveal(kind: 'public' | 'final', options: { challenge?: string; anyway?: boolean }): Promise<void> {
  return withChallenge(options.challenge, async (slug) => {
    const { seedCommitment, revealed } = await revealPhase(operator, slug, kind, options);
    const { seed, at } = revealed!;
    console.log(`/challenges/${slug}, ${kind} phase, revealed at ${at} (UTC)\n  seed       ${seed}\n  commitment ${seedCommitment}`);
  });
}
