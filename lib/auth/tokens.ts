// API tokens for scripts: shown once when made, stored only as their hash.
import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { apiTokens, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { isScope, scopeNames, type Scope } from './scopes.ts';
import type { Viewer } from './viewer.ts';

/** What may be shown of a token after it was made. */
export type TokenView = {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
};

/** Scopes are all, unless some are named; it expires in 180 days, unless a time is given, or null for never. */
export type TokenChoice = { scopes?: readonly string[]; expiresAt?: Date | null };

const mostTokens = 20;
export const tokenDays = 180;

/**
 * Makes a token. `secret` is in this answer and nowhere else. Throws RequestError 400 on a bad name or scope, 403 for a scope that
 * the token which asks has not, 409 at 20 tokens.
 */
export async function createToken(viewer: Viewer, name: string, choice: TokenChoice = {}): Promise<TokenView & { secret: string }> {
  const { scopes = viewer.scopes ?? scopeNames, expiresAt = new Date(Date.now() + tokenDays * 24 * 3600 * 1000) } = choice;
  const label = name.trim();
  if (label.length < 1 || label.length > 60) throw new RequestError(400, 'Name the token after its use, in 1 to 60 characters.');
  if (scopes.length === 0 || !scopes.every(isScope)) throw new RequestError(400, `Choose what the token may do: ${scopeNames.join(', ')}.`);
  if (viewer.scopes && !scopes.every((scope) => viewer.scopes!.includes(scope))) {
    throw new RequestError(403, 'A token cannot make one that may do more than itself.');
  }
  if ((await listTokens(viewer)).length >= mostTokens) {
    throw new RequestError(409, `You have ${mostTokens} tokens, which is the most. Revoke one that you no longer use.`);
  }
  // The prefix lets a secret scanner, and its owner, recognise it.
  const secret = `gnt_${randomBytes(32).toString('base64url')}`;
  const [row] = await database()
    .insert(apiTokens)
    .values({ userId: viewer.id, name: label, tokenHash: hashOf(secret), scopes: [...scopes], expiresAt })
    .returning();
  return { ...viewOf(row), secret };
}

/** The viewer's own tokens, newest first. */
export async function listTokens(viewer: Viewer): Promise<TokenView[]> {
  const rows = await database().select().from(apiTokens).where(eq(apiTokens.userId, viewer.id)).orderBy(desc(apiTokens.createdAt));
  return rows.map(viewOf);
}

/** Revokes one of the viewer's own tokens. Throws RequestError 404 when there is no such token of theirs. */
export async function revokeToken(viewer: Viewer, tokenId: string): Promise<void> {
  const gone = await database()
    .delete(apiTokens)
    .where(and(eq(sql`${apiTokens.id}::text`, tokenId), eq(apiTokens.userId, viewer.id)))
    .returning({ id: apiTokens.id });
  if (gone.length === 0) throw new RequestError(404, 'You have no such token; it may have been revoked already.');
}

/**
 * Who a token belongs to, with what it may do; null when it is unknown, revoked or expired, or its owner's account disabled. Notes
 * the time of use.
 */
export async function viewerOfToken(secret: string): Promise<Viewer | null> {
  const valid = and(eq(apiTokens.tokenHash, hashOf(secret)), or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)));
  const [viewer] = await database()
    .update(apiTokens)
    .set({ lastUsedAt: sql`now()` })
    .from(users)
    .where(and(valid, eq(users.id, apiTokens.userId), isNull(users.disabledAt)))
    .returning({ id: users.id, name: users.name, role: users.role, scopes: apiTokens.scopes });
  return viewer ? { ...viewer, scopes: viewer.scopes.filter(isScope) } : null;
}

// A plain hash suffices: 256 random bits cannot be guessed, so there is nothing to slow down.
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

const viewOf = (row: typeof apiTokens.$inferSelect): TokenView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes.filter(isScope),
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
});
