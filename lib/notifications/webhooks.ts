// Somebody's own webhooks: addresses that are told what they would be told, signed with a secret that is shown once.
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { webhooks } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { isKind, type KindName } from './kinds.ts';
import { postWebhook, type Delivered } from './post-webhook.ts';
import { newWebhookSecret } from './webhook-signature.ts';
import { findTarget, TargetError } from './webhook-target.ts';

/** What may be shown of a webhook after it was made. */
export type WebhookView = {
  id: string;
  url: string;
  kinds: KindName[];
  enabled: boolean;
  createdAt: string;
  /** How the newest delivery went; null before the first. */
  last: { outcome: string; at: string } | null;
  /** Deliveries that failed one after the other. */
  failures: number;
};

const mostWebhooks = 5;

/** The viewer's own, newest first. Throws RequestError 401. */
export async function listWebhooks(viewer: Viewer | null): Promise<WebhookView[]> {
  const rows = await database().select().from(webhooks).where(eq(webhooks.userId, signedIn(viewer).id)).orderBy(desc(webhooks.createdAt));
  return rows.map(viewOf);
}

/**
 * Makes a webhook. `secret` is in this answer and shown nowhere again. Throws RequestError 401, 400 (an address that no webhook
 * goes to, or no kinds), and 409 at five of them.
 */
export async function createWebhook(
  viewer: Viewer | null, url: string, kinds: readonly string[],
): Promise<WebhookView & { secret: string }> {
  const { id: userId } = signedIn(viewer);
  const wanted = checkedKinds(kinds);
  const target = await findTarget(url.trim()).catch(asRequestError);
  const secret = newWebhookSecret();
  const row = await database().transaction(async (tx) => {
    // Two at once are in line, so that none comes in above the limit.
    await tx.execute(sql`select 1 from users where id = ${userId} for update`);
    if ((await tx.$count(webhooks, eq(webhooks.userId, userId))) >= mostWebhooks) {
      throw new RequestError(409, `You have ${mostWebhooks} webhooks, which is the most. Delete one that you no longer use.`);
    }
    const [made] = await tx.insert(webhooks).values({ userId, url: target.url.href, secret, kinds: wanted }).returning();
    return made;
  });
  return { ...viewOf(row), secret };
}

/** Throws RequestError 401, and 404 when there is no such webhook of theirs. */
export async function deleteWebhook(viewer: Viewer | null, id: string): Promise<void> {
  const gone = await database().delete(webhooks).where(own(signedIn(viewer), id)).returning({ id: webhooks.id });
  if (gone.length === 0) throw missing();
}

/** Switches one on, with its failures forgotten, or off. Throws RequestError 401 and 404. */
export async function enableWebhook(viewer: Viewer | null, id: string, enabled: boolean): Promise<void> {
  const here = own(signedIn(viewer), id);
  const changed = await database().update(webhooks).set({ enabled, failures: 0 }).where(here).returning({ id: webhooks.id });
  if (changed.length === 0) throw missing();
}

/** Sends a message of the kind `test` at once and notes how it went. Throws RequestError 401 and 404. */
export async function testWebhook(viewer: Viewer | null, id: string): Promise<Delivered> {
  const [row] = await database().select().from(webhooks).where(own(signedIn(viewer), id));
  if (!row) throw missing();
  const body = JSON.stringify({ type: 'test', timestamp: new Date().toISOString(), text: 'A test of your Gauntlet webhook.', data: {} });
  const delivered = await postWebhook(row, { id: `msg_${crypto.randomUUID()}`, body });
  await database().update(webhooks).set({ lastOutcome: `test: ${delivered.outcome}`, lastAt: new Date() }).where(eq(webhooks.id, id));
  return delivered;
}

function signedIn(viewer: Viewer | null): Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  return viewer;
}

// An id may be any text that somebody typed.
const own = (viewer: Viewer, id: string) => and(eq(sql`${webhooks.id}::text`, id), eq(webhooks.userId, viewer.id));
const missing = () => new RequestError(404, 'You have no such webhook; it may have been deleted already.');

function checkedKinds(names: readonly string[]): KindName[] {
  const wanted = [...new Set(names)].filter(isKind);
  if (wanted.length === 0 || wanted.length < new Set(names).size) throw new RequestError(400, 'Choose at least one of the kinds listed.');
  return wanted;
}

function asRequestError(error: unknown): never {
  throw error instanceof TargetError ? new RequestError(400, error.message) : error;
}

const viewOf = (row: typeof webhooks.$inferSelect): WebhookView => ({
  id: row.id,
  url: row.url,
  kinds: row.kinds.filter(isKind),
  enabled: row.enabled,
  createdAt: row.createdAt.toISOString(),
  last: row.lastOutcome !== null && row.lastAt ? { outcome: row.lastOutcome, at: row.lastAt.toISOString() } : null,
  failures: row.failures,
});
