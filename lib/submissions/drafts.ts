// Drafts: an upload that was stored and looked into, waiting for its owner's yes. Costs no quota and expires.
import { and, desc, eq, gt, inArray, isNotNull } from 'drizzle-orm';
import { readArtifact } from '../artifacts/read.ts';
import { storeBytes, storeStream } from '../artifacts/store.ts';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { takePart } from '../challenges/take-part.ts';
import { database } from '../db/client.ts';
import { drafts, type StoredFile } from '../db/schema.ts';
import { RequestError, SubmissionError, type SubmissionProblem } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { limits } from '../limits.ts';
import { plainText } from '../plain-text.ts';
import { idOf, signedIn } from './access.ts';
import { allowance, errorOf } from './allowance.ts';
import { inspect, type UploadOptions } from './inspect.ts';

/** Exactly one of `report` and `problem` is there. Times are ISO 8601. */
export type Draft = {
  id: string;
  challengeId: string;
  files: StoredFile[];
  /** SHA-256 of the canonical model's artifact; null with a problem. */
  modelSha256: string | null;
  report: Report | null;
  problem: SubmissionProblem | null;
  /** When its upload began: what a deadline is held against. */
  begunAt: string;
  createdAt: string;
  expiresAt: string;
};

export type Upload = AsyncIterable<{ name: string; content: AsyncIterable<Uint8Array> }>;

/**
 * Stores the files as they arrive and looks into them. A model that cannot be taken makes a draft with its `problem`.
 * Throws RequestError 401, 403 (not let in, or by the dates: before a byte is read), 404 (challenge), 400 (no file, too many) and 413 (too large).
 */
export async function createDraft(
  viewer: Viewer | null, challengeSlug: string, files: Upload, options: UploadOptions = {}, begunAt: Date = new Date(),
): Promise<Draft> {
  const me = signedIn(viewer);
  const { challenge, standing } = await admitted(me, challengeSlug);
  const { mayUpload, refusal } = await allowance(me, challenge, begunAt, { standing });
  if (!mayUpload) throw errorOf(refusal!);
  await takePart(me, challengeSlug);
  const userId = me.id;
  const stored = await storeFiles(files);
  const outcome = await outcomeOf(stored, options);
  const expiresAt = new Date(Date.now() + limits.draftHours * 3_600_000);
  const [draft] = await database()
    .insert(drafts)
    .values({ userId, challengeId: challenge.id, files: stored, begunAt, expiresAt, ...outcome })
    .returning();
  await dropOldest(userId);
  return draftOf(draft);
}

/** What is found in stored files, as a draft keeps it. */
async function outcomeOf(files: readonly StoredFile[], options: UploadOptions) {
  const load = () => Promise.all(files.map(async ({ name, sha256 }) => ({ name, bytes: await readArtifact(sha256) })));
  const found = await inspect(load, options);
  if ('problem' in found) return { problem: found.problem, report: null, modelSha256: null };
  return { problem: null, report: found.report, modelSha256: (await storeBytes(found.model)).sha256 };
}

/**
 * Looks into an upload again, with pixels or layout fed in another way. It stays the same draft and keeps its place before a deadline.
 * What is not said stays as it was, and all of it where the model cannot be fed so: SubmissionError. Throws RequestError 401 and 404 (not
 * the viewer's, or expired).
 */
export async function changeDraft(viewer: Viewer | null, draftId: string, options: UploadOptions): Promise<Draft> {
  const { id, files, report } = await getDraft(viewer, draftId);
  const outcome = await outcomeOf(files, { scaling: options.scaling ?? report?.scaling, layout: options.layout ?? report?.layout });
  if (outcome.problem) throw new SubmissionError(outcome.problem);
  const [draft] = await database().update(drafts).set(outcome).where(eq(drafts.id, id)).returning();
  // Meanwhile it may have been submitted from another window.
  if (!draft) throw gone();
  return draftOf(draft);
}

async function storeFiles(files: Upload): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  let bytes = 0;
  for await (const { name, content } of files) {
    if (stored.length === limits.uploadFiles) {
      throw new RequestError(400, `An upload may have at most ${limits.uploadFiles} files. Send a zip of them.`);
    }
    const file = await storeStream(content, { before: bytes });
    bytes += file.bytes;
    stored.push({ name: baseName(name), ...file });
  }
  if (stored.length === 0) throw new RequestError(400, 'No file arrived. Choose the model, for example model.onnx or model.keras.');
  return stored;
}

const longestName = 200;

/** Names come from the visitor's machine: only the last part is kept, and of it only what a file name can hold. */
function baseName(name: string): string {
  return plainText(name.replace(/^.*[\\/]/s, '').slice(-longestName), longestName) || 'model';
}

/** Keeps a person's newest drafts, so that nobody can fill the disk. */
async function dropOldest(userId: string): Promise<void> {
  const surplus = database().select({ id: drafts.id }).from(drafts).where(eq(drafts.userId, userId))
    .orderBy(desc(drafts.createdAt)).offset(limits.draftsPerStudent);
  await database().delete(drafts).where(inArray(drafts.id, surplus));
}

/** A draft of the viewer's own. Throws RequestError 401, and 404 for any other, and when it has expired. */
export async function getDraft(viewer: Viewer | null, draftId: string): Promise<Draft> {
  const id = idOf(draftId, 'draft');
  const own = and(eq(drafts.id, id), eq(drafts.userId, signedIn(viewer).id), gt(drafts.expiresAt, new Date()));
  const [draft] = await database().select().from(drafts).where(own);
  if (!draft) throw gone();
  return draftOf(draft);
}

/** The viewer's own of a challenge that could be submitted, the newest first. Throws RequestError 401. */
export async function waitingDrafts(viewer: Viewer | null, challengeId: string): Promise<Draft[]> {
  const own = and(eq(drafts.userId, signedIn(viewer).id), eq(drafts.challengeId, challengeId));
  const rows = await database().select().from(drafts)
    .where(and(own, gt(drafts.expiresAt, new Date()), isNotNull(drafts.report))).orderBy(desc(drafts.createdAt));
  return rows.map(draftOf);
}

const gone = () => new RequestError(404, `There is no such draft of yours. Drafts expire after ${limits.draftHours} hours: upload again.`);

function draftOf(row: typeof drafts.$inferSelect): Draft {
  const { id, challengeId, files, modelSha256, report, problem, begunAt, createdAt, expiresAt } = row;
  const dates = { begunAt: begunAt.toISOString(), createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { id, challengeId, files, modelSha256, report: report as Report | null, problem, ...dates };
}
