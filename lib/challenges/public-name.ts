// Names that people give themselves or their team on a board: what such a name may be, and that nobody else goes by it.
import { and, eq, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { members, rosterPlaces, teams, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

const longest = 60;

/** Whose name it is to be: they may take what is theirs already. */
export type NameOwner = { userId: string } | { teamId: string | null };

/**
 * A name as it will be shown, in one line and one spelling. Throws RequestError 400 on one without a letter, longer than 60 characters, or
 * with characters that cannot be seen.
 */
export function publicName(text: string, what: string): string {
  const name = text.normalize('NFKC').trim().replace(/\s+/g, ' ');
  if (name.length < 1 || name.length > longest) throw new RequestError(400, `A ${what} has 1 to ${longest} characters; this one has ${name.length}.`);
  if (/\p{C}/u.test(name)) throw new RequestError(400, `A ${what} cannot have characters that nobody sees. Type it by hand.`);
  if (!/\p{L}/u.test(name)) throw new RequestError(400, `A ${what} needs at least one letter.`);
  return name;
}

/**
 * Throws RequestError 409 when somebody else of the challenge could be taken for the name: a member or a place on the roster by their
 * own name, a pseudonym, or a team. To be asked with the challenge's row held.
 */
export async function requireFree(tx: Transaction, challengeId: string, name: string, owner: NameOwner): Promise<void> {
  const wanted = name.toLowerCase();
  const userId = 'userId' in owner ? owner.userId : null;
  const teamId = 'teamId' in owner ? owner.teamId : null;
  const called = or(eq(sql`lower(${users.name})`, wanted), eq(sql`lower(${members.pseudonym})`, wanted));
  const [people, places, others] = [
    await tx.select({ id: users.id }).from(members).innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.challengeId, challengeId), called, userId ? ne(users.id, userId) : undefined)).limit(1),
    await tx.select({ id: rosterPlaces.id }).from(rosterPlaces)
      .where(and(eq(rosterPlaces.challengeId, challengeId), eq(sql`lower(${rosterPlaces.name})`, wanted), userId ? sql`${rosterPlaces.claimedBy} is distinct from ${userId}` : undefined)).limit(1),
    await tx.select({ id: teams.id }).from(teams)
      .where(and(eq(teams.challengeId, challengeId), eq(sql`lower(${teams.name})`, wanted), teamId ? ne(teams.id, teamId) : undefined)).limit(1),
  ];
  if (people.length + places.length + others.length > 0) throw new RequestError(409, `Somebody in this challenge goes by "${name}" already. Choose another name.`);
}
