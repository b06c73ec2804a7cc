// What tests of challenges begin with: an opening as a form gives it, and everybody who might ask.
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { openChallenge, type Opening } from '../../lib/challenges/open.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog } from '../../lib/db/schema.ts';
import { desc } from 'drizzle-orm';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

export const opening = (slug: string, more: Partial<Opening> = {}): Opening => ({
  slug, about: { title: 'Robust vision' }, timeZone: 'Europe/Berlin', protocol: { name: 'own', own: JSON.stringify(protocol) },
  primaryMetric: 'mixed', policy: {}, joinable: true, ...more,
});

export type Everybody = Record<'teacher' | 'assistant' | 'student' | 'outsider' | 'other' | 'administrator', Viewer>;

/** One of each, around a challenge that the teacher opened; `other` is the instructor of another one. */
export async function everybody(slug: string): Promise<Everybody> {
  const teacher = await person('instructor');
  const { id } = await openChallenge(teacher, opening(slug));
  const other = await person('instructor');
  await challengeOf(protocol, other);
  return {
    teacher, other,
    assistant: await enrol(await person(), id, 'assistant'),
    student: await enrol(await person(), id),
    outsider: await person(),
    administrator: await person('administrator'),
  };
}

export const idOf = async (slug: string): Promise<string> => (await getChallenge(slug)).id;

/** The newest act in the audit log. */
export async function lastAct(): Promise<typeof auditLog.$inferSelect> {
  const [act] = await database().select().from(auditLog).orderBy(desc(auditLog.id)).limit(1);
  return act;
}
