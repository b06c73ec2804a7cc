// The challenges that somebody may see, each with what they are in it.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members } from '../db/schema.ts';
import { listChallenges, type ChallengeView } from './challenges.ts';
import type { Standing } from './standing.ts';

export type Listed = {
  challenge: ChallengeView;
  standing: Standing;
  /** The viewer's own later deadline, ISO 8601; null for the challenge's. */
  extendedUntil: string | null;
};

/** Public ones and those the viewer takes part in; to an administrator all. The newest first. */
export async function challengesFor(viewer: Viewer | null): Promise<Listed[]> {
  const own = viewer ? await database().select().from(members).where(eq(members.userId, viewer.id)) : [];
  const all = viewer?.role === 'administrator';
  return (await listChallenges()).flatMap((challenge): Listed[] => {
    const member = own.find(({ challengeId }) => challengeId === challenge.id);
    if (!all && !member && challenge.visibility === 'members') return [];
    const standing = all ? 'administrator' : (member?.role ?? 'visitor');
    const seen = viewer?.asStudent && standing !== 'visitor' ? 'student' : standing;
    return [{ challenge, standing: seen, extendedUntil: member?.extendedUntil?.toISOString() ?? null }];
  });
}
