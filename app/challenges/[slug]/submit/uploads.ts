// The uploads of this window: what waits, is being sent, has arrived or failed. They outlive the page as long as one stays on the site.
import type { SubmissionProblem } from '@/lib/errors';
import { mostFiles, type PickedFile } from './dropped';
import { grouped } from './group';
import { difference, lost, upload, UploadError, type DraftAnswer, type Progress, type Refused } from './upload';

export type State =
  | { is: 'waiting' }
  /** `rate` in bytes a second; null until it is known. */
  | { is: 'sending'; progress: Progress; rate: number | null }
  | { is: 'looking' }
  | { is: 'arrived'; draft: DraftAnswer }
  /** Before anything was sent. */
  | { is: 'refused'; problem: SubmissionProblem }
  | { is: 'failed'; refused: Refused }
  | { is: 'cancelled' }
  | { is: 'submitted'; url: string; name: string };

export type Item = {
  key: number;
  challenge: string;
  files: readonly File[];
  /** SHA-256 of each, as far as they are known. */
  hashes: readonly string[];
  state: State;
};

type Uploads = { items: readonly Item[]; /** Names of files that were dropped beside a model. */ leftOut: readonly string[] };

const none: Uploads = { items: [], leftOut: [] };
let uploads = none;
let keys = 0;
const listeners = new Set<() => void>();
const running = new Map<number, AbortController>();

export const uploadsNow = () => uploads;
export const noUploads = () => none;
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(next: Partial<Uploads>): void {
  uploads = { ...uploads, ...next };
  for (const listener of listeners) listener();
}

const change = (key: number, changed: Partial<Item>) =>
  tell({ items: uploads.items.map((item) => (item.key === key ? { ...item, ...changed } : item)) });
const find = (key: number) => uploads.items.find((item) => item.key === key);

/** Files that were chosen: one upload for each model among them, sent one after the other; `most` models at once. */
export function add(challenge: string, picked: readonly PickedFile[], most: number): void {
  if (picked.length === 0) return;
  const { models, leftOut } = grouped(picked);
  const files = models.length > 0 ? models : [[...picked]];
  const tooMany = picked.length > mostFiles || files.length > most;
  const item = (each: readonly PickedFile[], state: State): Item => ({ key: ++keys, challenge, files: each.map(({ file }) => file), hashes: [], state });
  const added = tooMany ? [item(picked, { is: 'refused', problem: tooManyOf(picked.length, most) })] : files.map((each) => item(each, { is: 'waiting' }));
  tell({ items: [...added, ...uploads.items], leftOut: models.length > 0 && !tooMany ? leftOut.map(({ name }) => name) : [] });
  void next();
}

const tooManyOf = (files: number, most: number): SubmissionProblem => ({
  code: 'too-many-models',
  found: `${files > mostFiles ? `More than ${mostFiles}` : files} files were chosen, which do not belong together as one model.`,
  wanted: `One model or a few: at most ${most} uploads are kept at a time.`,
  fix: 'Choose the files of the model alone.',
});

export function cancel(key: number): void {
  running.get(key)?.abort(new DOMException('The upload was cancelled.', 'AbortError'));
  if (find(key)?.state.is === 'waiting') change(key, { state: { is: 'cancelled' } });
}

export function again(key: number): void {
  change(key, { state: { is: 'waiting' } });
  void next();
}

export const forget = (key: number) => tell({ items: uploads.items.filter((item) => item.key !== key) });

/** The upload that became a draft, as long as its files are at hand. */
export const heldBy = (draftId: string) => uploads.items.find(({ state }) => state.is === 'arrived' && state.draft.id === draftId);

/** What was found when a draft was looked into anew. */
export function lookedInto(draftId: string, found: DraftAnswer): void {
  const item = heldBy(draftId);
  if (item) change(item.key, { state: { is: 'arrived', draft: found } });
}

export function submitted(draftId: string, url: string, name: string): void {
  const item = heldBy(draftId);
  if (item) change(item.key, { state: { is: 'submitted', url, name }, files: [] });
}

/** Whether leaving the site would break something off. */
export const underway = () => uploads.items.some(({ state: { is } }) => is === 'waiting' || is === 'sending' || is === 'looking');

async function next(): Promise<void> {
  if (running.size > 0) return;
  // The one that was chosen first.
  const item = uploads.items.toReversed().find(({ state }) => state.is === 'waiting');
  if (!item) return;
  const stop = new AbortController();
  running.set(item.key, stop);
  const state = await outcomeOf(item, stop.signal);
  running.delete(item.key);
  change(item.key, { state });
  void next();
}

async function outcomeOf({ key, challenge, files }: Item, signal: AbortSignal): Promise<State> {
  try {
    const [{ firstLook }, { hashOf }] = await Promise.all([import('@/lib/challenges/first-look'), import('./hash')]);
    const problem = await firstLook(files);
    if (problem) return { is: 'refused', problem };
    signal.throwIfAborted();
    const known: string[] = [];
    const hashing = (async () => {
      for (const file of files) {
        known.push(await hashOf(file, signal));
        change(key, { hashes: [...known] });
      }
    })();
    // Heard of below; until then it is nobody's unhandled failure.
    hashing.catch(() => {});
    const speed = speedometer();
    const draft = await upload(challenge, files, (progress) => {
      const done = progress.sent >= progress.total;
      change(key, { state: done ? { is: 'looking' } : { is: 'sending', progress, rate: speed(progress.sent, performance.now()) } });
    }, signal);
    await hashing;
    const wrong = difference(draft, files, known);
    return wrong ? { is: 'failed', refused: wrong } : { is: 'arrived', draft };
  } catch (error) {
    return stateOf(error as Error);
  }
}

function stateOf(error: Error): State {
  if (error.name === 'AbortError') return { is: 'cancelled' };
  if (error instanceof UploadError) return { is: 'failed', refused: error.refused };
  // Code that could not be fetched fails with a TypeError or a ChunkLoadError, a file that has gone with these.
  if (error.name !== 'NotReadableError' && error.name !== 'NotFoundError') return { is: 'failed', refused: lost };
  const text = 'It was changed, moved or removed since you chose it. Choose it again.';
  return { is: 'failed', refused: { title: 'The file cannot be read any more', text, again: null } };
}

/** Bytes a second over the last seconds; null for the first moments, whose progress is only what fits into buffers. */
export function speedometer(): (sent: number, now: number) => number | null {
  const seen: { sent: number; now: number }[] = [];
  return (sent, now) => {
    seen.push({ sent, now });
    while (seen.length > 2 && seen[0].now < now - 5000) seen.shift();
    const seconds = (now - seen[0].now) / 1000;
    return seconds < 0.5 ? null : (sent - seen[0].sent) / seconds;
  };
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => {
    for (const { key, state } of uploads.items) if (state.is === 'failed' && state.refused.again === 'network') again(key);
  });
  window.addEventListener('beforeunload', (event) => {
    if (underway()) event.preventDefault();
  });
}
