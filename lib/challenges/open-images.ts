// Who may know of every single image of a phase what became of it (DESIGN, "What is measured").
import type { Viewer } from '../auth/viewer.ts';
import { atLeast, standingIn } from './standing.ts';

/** The staff always, and everybody once the phase's seed is published. The others know it of the first `openImages` of each trial. */
export async function seesEveryImage(viewer: Viewer | null, challengeId: string, { revealedAt }: { revealedAt: Date | null }): Promise<boolean> {
  return (revealedAt !== null && revealedAt <= new Date()) || atLeast(await standingIn(viewer, challengeId), 'assistant');
}
