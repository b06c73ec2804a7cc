// What attacks made of a few images: kept by the worker as changes, laid upon the images here. All of them are open images.
import { and, asc, eq, lt } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { adversarialExamples, cells } from '../db/schema.ts';
import { changesOf, openImages } from '../evaluation/examples.ts';
import { choiceLabel, choiceOf } from '../evaluation/trial-id.ts';
import { mostWanted } from '../evaluation/shards.ts';
import type { AttackTrial } from '../evaluation/trial.ts';
import { picturesOf } from '../pictures/pictures.ts';
import type { PhaseKind } from '../submissions/read.ts';
import { measuredIn, type Measured } from './measured.ts';

const pixels = 784;

/** An image that the model was right about, before and after an attack. */
export type AttackedImage = {
  position: number;
  /** Its true class, which is what the model said before. */
  label: number;
  /** What it says of the attacked image. */
  prediction: number;
  /** The largest change of a pixel, of pixels in [0, 1]. */
  peak: number;
  /** [784] levels. */
  original: Uint8Array;
  /** [784] levels, of the change rounded to a step of peak / 127. */
  attacked: Uint8Array;
  /** [784] the change as a share of the peak, -127 to 127. */
  change: Int8Array;
};

export type AttackedTrial = {
  trialId: string;
  trial: AttackTrial;
  /** Share of the trial's images that stood. */
  accuracy: number;
  /** By position; empty where none were kept. */
  images: AttackedImage[];
};

/** Of every attack trial that has landed, most wanted first. Throws RequestError 404 as measuredIn. */
export async function attackedImagesOf(viewer: Viewer | null, submissionId: string, phase: PhaseKind = 'public'): Promise<AttackedTrial[]> {
  return attackedImages(await measuredIn(viewer, submissionId, phase));
}

/** Of an evaluation that somebody may see: of all its attacks, or of one trial. */
export async function attackedImages({ submission, protocol, wanted }: Measured, only?: string): Promise<AttackedTrial[]> {
  const { id } = submission.evaluation;
  const { evaluationId, position: place, trialId: of } = adversarialExamples;
  const kept = await database()
    .select()
    .from(adversarialExamples)
    .where(and(eq(evaluationId, id), lt(place, openImages), only ? eq(of, only) : undefined))
    .orderBy(asc(place));
  const counts = { id: cells.trialId, total: cells.total, correct: cells.correct };
  const rows = await database().select(counts).from(cells).where(eq(cells.evaluationId, id));
  const landed = new Map(rows.map((row) => [row.id, row.correct / row.total]));
  const trials = mostWanted(protocol).flatMap((one) =>
    one.trial.kind === 'attack' && landed.has(one.id) && (!only || one.id === only) ? [{ id: one.id, trial: one.trial }] : [],
  );

  // Trials of one choice of images see the same images, in the same order.
  const choices = new Map(trials.map(({ trial }) => [choiceLabel(choiceOf(protocol, trial)), trial]));
  const open = Array.from({ length: Math.max(0, ...kept.map(({ position }) => position + 1)) }, (_, position) => position);
  const wishes = [...choices.values()].map((trial) => wanted({ kind: 'clean', images: choiceOf(protocol, trial) }, open));
  const pictures = kept.length === 0 ? [] : await picturesOf(wishes);
  const byChoice = new Map([...choices.keys()].map((label, i) => [label, pictures[i]]));

  return trials.map(({ id: trialId, trial }) => ({
    trialId, trial, accuracy: landed.get(trialId)!,
    images: kept.filter((row) => row.trialId === trialId).map(({ position, prediction, peak, delta }): AttackedImage => {
      const { labels, original } = byChoice.get(choiceLabel(choiceOf(protocol, trial)))!;
      const levels = original.subarray(position * pixels, (position + 1) * pixels);
      const changes = changesOf({ peak, delta });
      return {
        position, prediction, peak, label: labels[position], original: levels,
        attacked: Uint8Array.from(levels, (level, q) => Math.max(0, Math.min(255, Math.round(level + 255 * changes[q])))),
        change: new Int8Array(delta),
      };
    }),
  }));
}
