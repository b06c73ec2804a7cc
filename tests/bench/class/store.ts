// Puts planned submissions with their outcomes into the database, in bulk: what landing them one by one would have left there.
import { createHash, randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { corruptionError } from '../../../lib/evaluation/corruption.ts';
import type { Cell } from '../../../lib/evaluation/cell.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import type { Report } from '../../../lib/evaluation/report.ts';
import { score } from '../../../lib/evaluation/score.ts';
import { shardsOf } from '../../../lib/evaluation/shards.ts';
import { trialId } from '../../../lib/evaluation/trial-id.ts';
import { encodeModel } from '../../../lib/onnx/codec.ts';
import { weightsHash } from '../../../lib/onnx/weights.ts';
import { linearModel } from '../../evaluations/stage.ts';
import { copyInto } from './copy.ts';
import type { PlannedSubmission } from './plan.ts';

export type Place = { challengeId: string; phaseId: string; protocol: ProtocolName; workerIds: string[] };
/** The reference's evaluation and cells, against which corruption errors are measured. */
export type Reference = { evaluationId: string; cells: ReadonlyMap<string, Cell> };
export type Handed = PlannedSubmission & { userId: string; cells: Map<string, Cell>; reference: Reference | null };

type Rows = Record<string, string | number | boolean | Date | Uint8Array | object | null>[];

/**
 * Stores submissions whose evaluations have ended. The uploaded file stands in for the mixture that no file holds: a linear
 * classifier of its own random weights, so that no two are alike. Returns the submissions' ids in the order given.
 */
export async function storeSubmissions(sql: Sql, place: Place, handed: readonly Handed[]): Promise<string[]> {
  const tables: Record<string, Rows> = { artifacts: [], artifact_chunks: [], submissions: [], evaluations: [], cells: [], shards: [] };
  const ids = handed.map((one) => rowsOf(one, place, tables));
  await sql.begin(async (tx) => {
    for (const [table, rows] of Object.entries(tables)) await copyInto(tx, table, rows);
  });
  return ids;
}

function rowsOf(one: Handed, place: Place, tables: Record<string, Rows>): string {
  const { recipe, at, end, cells, userId, name, late } = one;
  const model = linearModel(one.serial);
  const content = encodeModel(model);
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (!one.copied) {
    tables.artifacts.push({ sha256, bytes: content.length, created_at: at, used_at: at });
    tables.artifact_chunks.push({ sha256, position: 0, content });
  }
  const submissionId = randomUUID();
  const report = { ...recipe.best.report, weightsSha256: weightsHash(model.graph) };
  tables.submissions.push({
    id: submissionId, challenge_id: place.challengeId, user_id: userId, name, files: [{ name: 'model.onnx', sha256, bytes: content.length }],
    model_sha256: sha256, report, requested_at: at, late, created_at: at,
  });
  tables.evaluations.push(evaluationRow(randomUUID(), submissionId, one, place, report));
  const evaluationId = tables.evaluations.at(-1)!.id as string;
  if (end === 'finished') tables.cells.push(...cellRows(evaluationId, cells, at));
  tables.shards.push(...shardRows(evaluationId, report, place, at, end === 'finished' ? 'done' : 'failed'));
  return submissionId;
}

function evaluationRow(id: string, submissionId: string, { cells, reference, at, end }: Handed, { phaseId, protocol }: Place, report: Report): Rows[number] {
  const asked = protocols[protocol];
  const finished = end === 'finished';
  const corruption = finished && reference ? corruptionError(asked, cells, reference.cells) : null;
  return {
    id, submission_id: submissionId, phase_id: phaseId, protocol: asked,
    status: typeof end === 'string' ? end : 'failed', failure: typeof end === 'string' ? null : end,
    score: finished ? score(asked, cells, { report }) : null,
    corruption: corruption && { ...corruption, reference: reference!.evaluationId },
    created_at: at, started_at: later(at, 4), finished_at: later(at, 200),
  };
}

export function cellRows(evaluationId: string, cells: ReadonlyMap<string, Cell>, at: Date): Rows {
  return [...cells.values()].map(({ trialId: id, correctBits, predictions, confusion, seconds, engine, device, diagnostics, total, correct }) => ({
    evaluation_id: evaluationId, trial_id: id, correct_bits: correctBits, predictions, confusion, seconds, engine, device, diagnostics,
    total, correct, created_at: later(at, 190),
  }));
}

export function shardRows(evaluationId: string, report: Report, { protocol, workerIds }: Place, at: Date, status: 'done' | 'failed'): Rows {
  const attacks = new Set(protocols[protocol].trials.filter(({ kind }) => kind === 'attack').map(trialId));
  const planned = shardsOf(protocols[protocol], report);
  return planned.map((shard, ordinal) => ({
    id: randomUUID(), evaluation_id: evaluationId, trial_id: shard.trialId, first_image: shard.start, end_image: shard.end,
    headline: shard.headline, attack: attacks.has(shard.trialId), estimated_seconds: shard.estimatedSeconds,
    priority: shard.headline ? 0 : 1000, ordinal, queued_at: at, status, worker_id: workerIds[ordinal % workerIds.length],
    started_at: later(at, (190 * ordinal) / planned.length), finished_at: later(at, (190 * (ordinal + 1)) / planned.length),
  }));
}

const later = (at: Date, seconds: number) => new Date(at.getTime() + 1000 * seconds);
