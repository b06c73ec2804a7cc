// Challenges: opened with promised seeds that nobody sees before their time, and open exactly while they say so.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChallenge, findChallenge, getChallenge, listChallenges } from '../../lib/challenges/challenges.ts';
import { challengeState } from '../../lib/challenges/state.ts';
import { database } from '../../lib/db/client.ts';
import { phases } from '../../lib/db/schema.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await createChallenge({ slug: 'one', title: 'One', protocol: protocols.quick });
});
afterAll(() => fresh.drop());

const seedsOf = async (challengeId: string) => database().select().from(phases).where(eq(phases.challengeId, challengeId));

test('both phases have seeds of their own, and commitments that are the SHA-256 of prefix and seed', async () => {
  const challenge = await getChallenge('one');
  const rows = await seedsOf(challenge.id);
  expect(challenge.phases.map(({ kind }) => kind)).toEqual(['public', 'final']);
  expect(rows[0].seed).not.toEqual(rows[1].seed);
  for (const { id, seed } of rows) {
    const bytes = Buffer.concat([Buffer.from('gauntlet-commit|'), seed]);
    expect(seed).toHaveLength(32);
    expect(challenge.phases.find((phase) => phase.id === id)!.seedCommitment).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

test('a seed is in no view before it is revealed', async () => {
  const { id } = await getChallenge('one');
  const [row] = await seedsOf(id);
  const hex = Buffer.from(row.seed).toString('hex');
  const seen = async () => JSON.stringify([await getChallenge('one'), await listChallenges()]);
  await database()
    .update(phases)
    .set({ revealedAt: new Date(Date.now() + 60_000) })
    .where(eq(phases.id, row.id));
  expect(await seen()).not.toContain(hex);
  await database()
    .update(phases)
    .set({ revealedAt: new Date(Date.now() - 60_000) })
    .where(eq(phases.id, row.id));
  expect(await seen()).toContain(hex);
});

test('a taken slug, a protocol with a seed, and an unknown challenge are refused', async () => {
  await expect(createChallenge({ slug: 'one', title: 'Again', protocol: protocols.quick })).rejects.toMatchObject({ status: 409 });
  const seeded = { ...protocols.quick, seed: 'known to all' };
  await expect(createChallenge({ slug: 'two', title: 'Two', protocol: seeded })).rejects.toMatchObject({ status: 400 });
  expect(await findChallenge('two')).toBeNull();
  await expect(getChallenge('two')).rejects.toMatchObject({ status: 404 });
});

test('a challenge is open from its first moment to just before its last', () => {
  const times = { opensAt: new Date(1000), closesAt: new Date(2000) };
  const at = (now: number) => challengeState(times, new Date(now));
  expect([at(999), at(1000), at(1999), at(2000)]).toEqual(['upcoming', 'open', 'open', 'closed']);
  expect(challengeState({ ...times, closesAt: null }, new Date(1e12))).toBe('open');
});
