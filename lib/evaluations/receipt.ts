// The receipt of an evaluation: all that anyone needs to make its outcome again, signed by this site.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { getChallenge } from '../challenges/challenges.ts';
import { database } from '../db/client.ts';
import { cells, evaluations } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { mostWanted } from '../evaluation/shards.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { fashionMnist, receiptFormat, specification, type Outcome, type SignedReceipt } from '../receipts/receipt.ts';
import { signReceipt } from '../receipts/sign.ts';
import { getSubmission, type PhaseKind } from '../submissions/read.ts';
import { signingKey } from './signing-key.ts';

/**
 * The receipt of a submission in a phase, the same each time. Before the reveal of the phase it has totals, but neither seed nor
 * outcomes of single images. Throws RequestError 404 when the viewer may not see the submission or it is not in the phase, and 409
 * while its evaluation has not finished.
 */
export async function receiptOf(viewer: Viewer | null, submissionId: string, kind: PhaseKind = 'public'): Promise<SignedReceipt> {
  const submission = await getSubmission(viewer, submissionId, kind);
  const [evaluation] = await database().select().from(evaluations).where(eq(evaluations.id, submission.evaluation.id));
  const { id, status, startedAt, finishedAt } = evaluation;
  if (status !== 'finished') {
    throw new RequestError(409, `There is a receipt for what was measured to the end; this evaluation is ${status}.`);
  }
  const { slug, title, phases } = await getChallenge(submission.challenge.slug);
  const { seedCommitment, revealed } = phases.find((phase) => phase.kind === kind)!;
  const protocol = evaluation.protocol as Protocol;
  const { name, files, modelSha256, declaredTta, report, createdAt } = submission;
  return signReceipt(
    {
      format: receiptFormat,
      specification,
      challenge: { slug, title },
      submission: { id: submission.id, name, submittedAt: createdAt, declaredTta },
      evaluation: { id, startedAt: startedAt?.toISOString() ?? null, finishedAt: finishedAt!.toISOString() },
      phase: { kind, seedCommitment, seed: revealed?.seed ?? null },
      dataset: fashionMnist,
      model: { sha256: modelSha256, files, scaling: report.scaling },
      protocol,
      trials: await outcomesOf(id, protocol, revealed !== null),
    },
    signingKey(),
  );
}

/** Most wanted first. */
async function outcomesOf(evaluationId: string, protocol: Protocol, revealed: boolean): Promise<Outcome[]> {
  const rows = await database().select().from(cells).where(eq(cells.evaluationId, evaluationId));
  const landed = new Map(rows.map((row) => [row.trialId, row]));
  const shown = (bytes: Uint8Array) => (revealed ? Buffer.from(bytes).toString('base64') : null);
  return mostWanted(protocol).flatMap(({ id }) => {
    const cell = landed.get(id);
    if (!cell) return [];
    const { total, correct, seconds, engine, device, diagnostics } = cell;
    const measured = { trial: id, total, correct, seconds, engine, device, diagnostics };
    return [{ ...measured, correctBits: shown(cell.correctBits), predictions: shown(cell.predictions) }];
  });
}
