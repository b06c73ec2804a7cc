// News of evaluations: told inside the transaction that makes them, heard over one connection for the whole process.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { newsOf } from '../db/news.ts';
import { log } from '../log.ts';

export const progressChannel = 'gauntlet_progress';

/** Tells whoever watches that something of this submission changed; delivered when the transaction commits. */
export async function notifyProgress(tx: Transaction, news: { submissionId: string; evaluationId: string }): Promise<void> {
  await tx.execute(sql`select pg_notify(${progressChannel}, ${JSON.stringify(news)})`);
}

const watchers = new Map<string, Set<() => void>>();

const listen = newsOf(progressChannel, (payload) => {
  if (payload === null) return [...watchers.values()].forEach((all) => all.forEach((wake) => wake()));
  try {
    const { submissionId } = JSON.parse(payload) as { submissionId?: string };
    for (const wake of watchers.get(submissionId ?? '') ?? []) wake();
  } catch (error) {
    log.warn({ payload, error }, 'unreadable progress notification');
  }
});

/**
 * Yields once when it listens (whatever changed before went unheard), then once per change of a submission, several in
 * quick succession as one, until the signal aborts. Says nothing of what changed: the watcher reads that with its own rights.
 */
export async function* progressEvents(submissionId: string, signal: AbortSignal): AsyncGenerator<void> {
  let changed = true;
  let wake = () => {};
  const notice = () => {
    changed = true;
    wake();
  };
  const mine = watchers.get(submissionId) ?? new Set();
  watchers.set(submissionId, mine.add(notice));
  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    await listen();
    while (!signal.aborted) {
      if (!changed) await new Promise<void>((resolve) => { wake = resolve; });
      if (signal.aborted) return;
      changed = false;
      yield;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    mine.delete(notice);
    if (mine.size === 0 && watchers.get(submissionId) === mine) watchers.delete(submissionId);
  }
}
