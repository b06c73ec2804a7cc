// Makes whoever begins to submit to a challenge a student of it, where anybody may be.
import type { Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';
import { joinChallenge } from './join.ts';
import { admitted, type Admitted } from './standing.ts';

/**
 * The challenge, with the viewer as a member of it. Throws RequestError 401, 404 (challenge), and 403 where one has to be let in first.
 */
export async function takePart(viewer: Viewer | null, slug: string): Promise<Admitted & { viewer: Viewer }> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const { challenge, standing } = await admitted(viewer, slug);
  if (standing !== 'visitor') return { challenge, standing, viewer };
  await joinChallenge(viewer, slug);
  return { challenge, standing: 'student', viewer };
}
