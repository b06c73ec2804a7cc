// Stops a challenge's intake for a while, with a reason that students read, and takes it up again.
import { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';
import { changeChallenge } from './change.ts';
import { checked } from './details.ts';

const reasonSchema = z.object({
  reason: z.string().trim().min(1, 'wanted: students read why nothing is taken').max(500, 'wanted at most 500 characters'),
});

/** From now on nothing is taken in; a new reason replaces the old one. Throws as changeChallenge, and RequestError 400 without a reason. */
export async function pauseIntake(viewer: Viewer | null, slug: string, reason: string): Promise<void> {
  const { reason: pauseReason } = checked(reasonSchema, { reason });
  await changeChallenge(viewer, slug, 'challenge.pause', ({ pausedAt }) => ({ pausedAt: pausedAt ?? new Date(), pauseReason }));
}

/** Takes submissions again. Throws as changeChallenge, and RequestError 409 where intake is not paused. */
export async function resumeIntake(viewer: Viewer | null, slug: string): Promise<void> {
  await changeChallenge(viewer, slug, 'challenge.resume', ({ pausedAt }) => {
    if (!pausedAt) throw new RequestError(409, 'Intake is not paused.');
    return { pausedAt: null, pauseReason: '' };
  });
}
