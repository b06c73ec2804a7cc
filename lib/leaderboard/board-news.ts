// News of boards: told by the database whenever the version of one is raised, heard over one connection for the whole process.
import { setTimeout as wait } from 'node:timers/promises';
import { newsOf } from '../db/news.ts';
import { boardVersion } from './snapshot.ts';

/** As the triggers name it (drizzle/, "raise_board_version"). */
const channel = 'gauntlet_board';
/** Hundreds watch one board, and in a busy hour it changes many times a second. */
const millisecondsBetween = 1000;

const watchers = new Map<string, Set<() => void>>();

const listen = newsOf(channel, (challengeId) => {
  const concerned = challengeId === null ? [...watchers.values()] : [watchers.get(challengeId) ?? []];
  for (const all of concerned) for (const wake of all) wake();
});

/** The version is told once, to begin with; `watching` are those who hear of it here, so that they need not all ask at once. */
export type BoardNews = { version?: number; watching: number };

/**
 * Yields the version of the challenge's boards when it listens (whatever changed before went unheard), then nothing but that it changed,
 * several within a second as one, until the signal aborts. Says nothing of what changed: the watcher reads that with their own rights.
 */
export async function* boardNews(challengeId: string, signal: AbortSignal): AsyncGenerator<BoardNews> {
  let changed = false;
  let wake = () => {};
  const notice = () => {
    changed = true;
    wake();
  };
  const all = watchers.get(challengeId) ?? new Set();
  watchers.set(challengeId, all.add(notice));
  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    await listen();
    yield { version: await boardVersion(challengeId), watching: all.size };
    while (!signal.aborted) {
      if (!changed) await new Promise<void>((resolve) => { wake = resolve; });
      if (signal.aborted) return;
      changed = false;
      yield { watching: all.size };
      await wait(millisecondsBetween, undefined, { signal }).catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', stop);
    all.delete(notice);
    if (all.size === 0 && watchers.get(challengeId) === all) watchers.delete(challengeId);
  }
}
