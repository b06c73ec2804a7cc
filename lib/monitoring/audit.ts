// Who reads which part of the audit log: instructors that of their challenge, administrators all of it.
import { auditFilterSchema, readAuditLog, type AuditPage } from '../audit/read.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { RequestError } from '../errors.ts';

/** The log of one challenge. Throws RequestError 401, 403 (an instructor's standing) and 404 (challenge). */
export async function auditOfChallenge(
  viewer: Viewer | null, slug: string, filter: unknown,
): Promise<AuditPage & { challenge: ChallengeView }> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  return { ...(await readAuditLog(auditFilterSchema.parse(filter), challenge.id)), challenge };
}

/** The log of the whole site. Throws RequestError 401 and 403 for everybody but an administrator. */
export async function auditOfSite(viewer: Viewer | null, filter: unknown): Promise<AuditPage> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (viewer.role !== 'administrator' || viewer.asStudent) {
    throw new RequestError(403, 'Only an administrator of the site reads its whole audit log.');
  }
  return readAuditLog(auditFilterSchema.parse(filter));
}
