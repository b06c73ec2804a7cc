// A challenge, people and submissions for tests of evaluations, workers and the queue, without going through an upload.
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, notInArray } from 'drizzle-orm';
import { storeBytes } from '../../lib/artifacts/store.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { createChallenge } from '../../lib/challenges/challenges.ts';
import type { Policy } from '../../lib/challenges/policy.ts';
import { database } from '../../lib/db/client.ts';
import { cells, challenges, drafts, evaluations, members, shards, teams, users } from '../../lib/db/schema.ts';
import type { Part } from '../../lib/evaluation/cell.ts';
import { measurable } from '../../lib/evaluation/protocol-problems.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { enter, type Entered } from '../../lib/submissions/enter.ts';
import { graphOf, linear, modelOf } from '../models.ts';

export async function person(role: Viewer['role'] = 'student'): Promise<Viewer> {
  const name = `${role} ${randomUUID().slice(0, 8)}`;
  const [row] = await database().insert(users).values({ email: `${randomUUID()}@gauntlet.test`, name, role }).returning();
  return { id: row.id, name, role };
}

export async function challengeOf(protocol: Protocol, instructor?: Viewer): Promise<{ id: string; slug: string }> {
  const slug = `c-${randomUUID().slice(0, 8)}`;
  const { id } = await createChallenge({ slug, title: 'A challenge', protocol, primaryMetric: measurable(protocol)[0], instructorId: instructor?.id });
  return { id, slug };
}

/** Gives somebody a part in a challenge. */
export async function enrol(viewer: Viewer, challengeId: string, role: 'student' | 'assistant' | 'instructor' = 'student'): Promise<Viewer> {
  await database().insert(members).values({ challengeId, userId: viewer.id, role }).onConflictDoUpdate({ target: [members.challengeId, members.userId], set: { role } });
  return viewer;
}

/** A linear classifier with seeded random weights. */
export function linearModel(seed = 1): Model {
  const constants = {};
  return modelOf(graphOf({ nodes: [linear(constants, seed, 'x', 'logits', [784, 10])], constants }));
}

/** By somebody who takes part, if only from now on. `reported` is the model whose report is stored, where the real one's cannot or must not be made. */
export async function submit(viewer: Viewer, challengeId: string, model: Model = linearModel(), reported: Model = model): Promise<Entered> {
  await database().insert(members).values({ challengeId, userId: viewer.id }).onConflictDoNothing();
  const { sha256 } = await storeBytes(encodeModel(model));
  return database().transaction(async (tx) => {
    const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId));
    const files = [{ name: 'model.onnx', sha256, bytes: 1 }];
    return enter(tx, { challenge, userId: viewer.id, name: 'a model', files, modelSha256: sha256, report: reportOf(reported) });
  });
}

/** An upload that was looked into and waits for its owner's yes, without going through one. */
export async function draftRow(viewer: Viewer, challengeId: string, begunAt = new Date(), expiresAt = new Date(begunAt.getTime() + 86_400_000)): Promise<string> {
  const model = linearModel();
  const { sha256 } = await storeBytes(encodeModel(model));
  const rest = { files: [{ name: 'model.onnx', sha256, bytes: 1 }], modelSha256: sha256, report: reportOf(model) };
  const [{ id }] = await database().insert(drafts).values({ userId: viewer.id, challengeId, begunAt, expiresAt, ...rest }).returning({ id: drafts.id });
  return id;
}

/** Changes rules of a challenge that are not as they come. */
export async function ruled(challengeId: string, policy: Partial<Policy>): Promise<void> {
  await database().update(challenges).set({ policy }).where(eq(challenges.id, challengeId));
}

/** Puts students into a team of their own. */
export async function teamOf(challengeId: string, mates: readonly Viewer[], name = `team ${randomUUID().slice(0, 8)}`): Promise<string> {
  const [{ id }] = await database().insert(teams).values({ challengeId, name, leaderId: mates[0].id }).returning({ id: teams.id });
  for (const mate of mates) {
    await enrol(mate, challengeId);
    await database().update(members).set({ teamId: id }).where(and(eq(members.challengeId, challengeId), eq(members.userId, mate.id)));
  }
  return id;
}

export async function evaluationRow(id: string): Promise<typeof evaluations.$inferSelect> {
  const [row] = await database().select().from(evaluations).where(eq(evaluations.id, id));
  return row;
}

/**
 * Ends the shards of an evaluation that a test is about to end without running it: of one that finishes, those of trials without a cell
 * were never asked; of another, they failed.
 */
export async function endShards(evaluationId: string, finished: boolean): Promise<void> {
  const own = and(eq(shards.evaluationId, evaluationId), inArray(shards.status, ['queued', 'running']));
  const measured = database().select({ id: cells.trialId }).from(cells).where(eq(cells.evaluationId, evaluationId));
  if (finished) await database().delete(shards).where(and(own, notInArray(shards.trialId, measured)));
  await database().update(shards).set({ status: finished ? 'done' : 'failed', finishedAt: new Date() }).where(own);
}

/** A part that says the same of every image: labels go round the classes, every prediction is `predicted`. */
export function partOf(trialId: string, start: number, end: number, predicted: number | null = null): Part {
  const images = end - start;
  const predictions = Uint8Array.from({ length: images }, (_, i) => predicted ?? (start + i) % 10);
  const correctBits = new Uint8Array(Math.ceil(images / 8));
  const confusion = new Array<number>(100).fill(0);
  predictions.forEach((label, i) => {
    const truth = (start + i) % 10;
    confusion[truth * 10 + label]++;
    if (label === truth) correctBits[i >> 3] |= 1 << (i & 7);
  });
  return { trialId, start, end, correctBits, predictions, confusion, seconds: 0.5, engine: 'test', device: 'cpu', diagnostics: {} };
}
