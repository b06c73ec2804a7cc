// What `gauntlet evaluate` finds on this machine, and what the database holds: outcomes that must not differ by a bit.
import { availableParallelism } from 'node:os';
import { asc, eq } from 'drizzle-orm';
import { runShards } from '../../../lib/cli/processes.ts';
import { findFashionMnist } from '../../../lib/datasets/find.ts';
import { database } from '../../../lib/db/client.ts';
import { cells, evaluations, phases } from '../../../lib/db/schema.ts';
import { assemble, type Part } from '../../../lib/evaluation/cell.ts';
import { reportOf } from '../../../lib/evaluation/report.ts';
import { shardsOf } from '../../../lib/evaluation/shards.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import { imageCount, trialId } from '../../../lib/evaluation/trial-id.ts';
import { encodeModel } from '../../../lib/onnx/codec.ts';
import type { Model } from '../../../lib/onnx/graph.ts';

/** Bits and predictions by trial. */
export type Outcomes = Record<string, string>;

const said = ({ correctBits, predictions }: { correctBits: Uint8Array; predictions: Uint8Array }) =>
  Buffer.concat([correctBits, predictions]).toString('base64');

/** Run here, by one process a processor, without a site, with the seed of the phase that an evaluation belongs to. */
export async function localOutcomes(evaluationId: string, protocol: Protocol, model: Model): Promise<Outcomes> {
  const [{ seed }] = await database().select({ seed: phases.seed }).from(evaluations).innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(eq(evaluations.id, evaluationId));
  const parts: Part[] = [];
  const job = { model: encodeModel(model), dataDirectory: await findFashionMnist(), protocol, seedHex: Buffer.from(seed).toString('hex') };
  await runShards(job, shardsOf(protocol, reportOf(model)), availableParallelism(), (part) => void parts.push(part));
  return Object.fromEntries(protocol.trials.map((trial): [string, string] => {
    const id = trialId(trial);
    return [id, said(assemble(parts.filter((part) => part.trialId === id), imageCount(protocol, trial))!)];
  }).sort());
}

export async function storedOutcomes(evaluationId: string): Promise<Outcomes> {
  const rows = await database().select().from(cells).where(eq(cells.evaluationId, evaluationId)).orderBy(asc(cells.trialId));
  return Object.fromEntries(rows.map((row): [string, string] => [row.trialId, said(row)]).sort());
}
