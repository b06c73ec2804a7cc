// What the settings page of a challenge shows to its instructors: what is set, and what can no longer be changed.
import { eq } from 'drizzle-orm';
import { mayOpenChallenges, type Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { challenges } from '../db/schema.ts';
import { capacityOf, type Capacity } from './capacity.ts';
import type { ChallengeView } from './challenges.ts';
import { studentSubmissions } from './edit.ts';
import { previewOf, type ProtocolPreview } from './protocol-choice.ts';
import { admitted } from './standing.ts';
import { wallClockOf } from './zoned.ts';

export type Settings = {
  challenge: ChallengeView;
  joinCode: string | null;
  /** Wall-clock times of the challenge's zone, as a date and time input takes them; empty: no deadline. */
  opens: string;
  closes: string;
  protocol: ProtocolPreview;
  /** Submissions of students: with the first, what is measured is fixed. */
  submitted: number;
  /** Whether a seed is public, so that it stays closed. */
  revealed: boolean;
  mayClone: boolean;
  capacity: Capacity;
};

/** Throws RequestError 401, 403 (instructors), 404. */
export async function settingsOf(viewer: Viewer | null, slug: string): Promise<Settings> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const [[row], submitted, capacity] = await Promise.all([
    database().select().from(challenges).where(eq(challenges.id, challenge.id)),
    studentSubmissions(database(), challenge.id),
    capacityOf(challenge),
  ]);
  return {
    challenge, submitted, capacity,
    joinCode: row.joinCode,
    opens: wallClockOf(row.opensAt, row.timeZone),
    closes: row.closesAt ? wallClockOf(row.closesAt, row.timeZone) : '',
    protocol: previewOf(challenge.protocol),
    revealed: challenge.phases.some(({ revealed }) => revealed !== null),
    mayClone: mayOpenChallenges(viewer),
  };
}
