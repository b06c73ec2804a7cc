// Standing on a board under another name. Only the member and the staff know whose it is.
import { randomInt } from 'node:crypto';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { RequestError } from '../errors.ts';
import { lockChallenge, lockMember, updateMember } from './member-row.ts';
import { publicName, requireFree } from './public-name.ts';
import { admitted } from './standing.ts';

/**
 * Sets the viewer's own pseudonym; null stands under the account's name again. One that was taken while the challenge allowed
 * it stays, also when it no longer does: nobody is unmasked by a changed rule. Throws RequestError 401, 404, 403 (no member),
 * 400 (name), and 409 where the challenge has no pseudonyms or the name is taken.
 */
export async function setPseudonym(viewer: Viewer | null, slug: string, pseudonym: string | null): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  if (pseudonym !== null && !challenge.policy.pseudonyms) throw new RequestError(409, 'In this challenge everybody stands on the board under their own name.');
  const name = pseudonym === null ? null : publicName(pseudonym, 'pseudonym');
  await database().transaction(async (tx) => {
    await lockChallenge(tx, challenge.id);
    const member = await lockMember(tx, challenge.id, viewer!.id);
    if (name !== null) await requireFree(tx, challenge.id, name, { userId: viewer!.id });
    await updateMember(tx, member, { pseudonym: name });
  });
}

/**
 * Replaces an improper pseudonym by a neutral one, which unmasks nobody. Throws RequestError 401, 403, 404, and 409 for who has none.
 */
export async function replacePseudonym(viewer: Viewer | null, slug: string, userId: string): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  await database().transaction(async (tx) => {
    await lockChallenge(tx, id);
    const member = await lockMember(tx, id, userId);
    if (member.pseudonym === null) throw new RequestError(409, 'They stand under their own name.');
    const pseudonym = `Student ${randomInt(100_000, 1_000_000)}`;
    await requireFree(tx, id, pseudonym, { userId });
    await updateMember(tx, member, { pseudonym });
    await record(tx, viewer!, 'member.pseudonym', { challengeId: id, subject: userId, detail: { from: member.pseudonym, to: pseudonym } });
  });
}
