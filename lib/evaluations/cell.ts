// One cell of a submission, with the images behind it made again: all that are wrong, or before the reveal a fixed few.
import { and, eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { seesEveryImage } from '../challenges/open-images.ts';
import { database } from '../db/client.ts';
import { cells } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { openImages } from '../evaluation/examples.ts';
import { trialId as idOf } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { picturesOf, unlessMissing } from '../pictures/pictures.ts';
import type { PhaseKind, Submission } from '../submissions/read.ts';
import { attackedImages, type AttackedImage } from './adversarial.ts';
import { measuredIn, type Measured } from './measured.ts';

export const imagesPerPage = 50;

/** What is looked for among the images: a true class, a predicted one, or both, as numbers of classes. */
export type CellQuery = { phase?: PhaseKind; truth?: number; predicted?: number; page?: number };

export type CellImage = {
  /** Place in the trial's order. */
  position: number;
  label: number;
  prediction: number;
  /** Whether it counts as right; under a policy that draws at random most draws decide, whatever the prediction. */
  right: boolean;
  /** What an image of a mixed trial got. */
  mixed: { kind: string; severity: number } | null;
  /** [784] levels of the image as FashionMNIST has it. */
  original: Uint8Array;
  /** [784] levels of the image as the model saw it; of an attack's trial, before the attack. */
  seen: Uint8Array;
};

export type Gallery = {
  /** Whether the viewer may look at every image. If not, these are the fixed few, right and wrong, whatever was asked. */
  every: boolean;
  /** What was asked for; null for what was not, or may not be. */
  truth: number | null;
  predicted: number | null;
  /** How many images that are, on all pages. */
  found: number;
  page: number;
  pages: number;
  shown: CellImage[];
};

export type CellResult = { total: number; correct: number; /** 10 x 10 counts, row = true class. */ confusion: number[] };

export type CellPage = {
  submission: Submission;
  protocol: Protocol;
  trial: Trial;
  trialId: string;
  /** Null as long as the trial has not been measured. */
  /** `gallery` is null while its images cannot be made. */
  cell: (CellResult & { gallery: Gallery | null; attacked: AttackedImage[] }) | null;
  /** Accuracies of all cells that have landed, by trial. */
  accuracies: ReadonlyMap<string, number>;
};

/**
 * A cell and its images. Before the seed is published only the staff sees other images than the first `openImages`.
 * Throws RequestError 404 for a trial that the protocol does not have, and where the viewer may not see the submission.
 */
export async function cellOf(viewer: Viewer | null, submissionId: string, trialId: string, query: CellQuery = {}): Promise<CellPage> {
  const measured = await measuredIn(viewer, submissionId, query.phase ?? 'public');
  const { submission, protocol, revealedAt } = measured;
  const trial = protocol.trials.find((one) => idOf(one) === trialId);
  if (!trial) throw new RequestError(404, `There is no trial "${trialId.slice(0, 300)}" in this submission's protocol.`);
  const own = eq(cells.evaluationId, submission.evaluation.id);
  const [row] = await database().select().from(cells).where(and(own, eq(cells.trialId, trialId)));
  const all = await database().select({ id: cells.trialId, total: cells.total, correct: cells.correct }).from(cells).where(own);
  const accuracies = new Map(all.map(({ id, total, correct }) => [id, correct / total]));
  if (!row) return { submission, protocol, trial, trialId, cell: null, accuracies };

  const every = await seesEveryImage(viewer, submission.challenge.id, { revealedAt });
  const gallery = await unlessMissing(galleryOf(measured, trial, row, every, query));
  const attacked = trial.kind === 'attack' && gallery ? (await attackedImages(measured, trialId)).flatMap(({ images }) => images) : [];
  const { total, correct, confusion } = row;
  return { submission, protocol, trial, trialId, cell: { total, correct, confusion, gallery, attacked }, accuracies };
}

type Outcomes = { total: number; correctBits: Uint8Array; predictions: Uint8Array };

async function galleryOf({ wanted }: Measured, trial: Trial, outcomes: Outcomes, every: boolean, query: CellQuery): Promise<Gallery> {
  const right = (position: number) => ((outcomes.correctBits[position >> 3] >> (position & 7)) & 1) === 1;
  const { truth = null, predicted = null } = every ? query : {};
  const [{ labels }] = await picturesOf([wanted(trial, [])]);
  const positions = Array.from({ length: every ? outcomes.total : Math.min(openImages, outcomes.total) }, (_, position) => position);
  // An entry of the confusion matrix is all its images, right ones too; anything less is asked of the wrong ones.
  const entry = truth !== null && predicted !== null;
  const isOf = (position: number) =>
    (truth === null || labels[position] === truth) && (predicted === null || outcomes.predictions[position] === predicted);
  const matching = every ? positions.filter((position) => (entry || !right(position)) && isOf(position)) : positions;

  const pages = Math.max(1, Math.ceil(matching.length / imagesPerPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(query.page ?? 1) || 1));
  const onPage = matching.slice((page - 1) * imagesPerPage, page * imagesPerPage);
  const [pictures] = await picturesOf([wanted(trial, onPage)]);
  const shown = onPage.map((position, i) => ({
    position,
    label: labels[position],
    prediction: outcomes.predictions[position],
    right: right(position),
    mixed: pictures.mixed?.[i] ?? null,
    original: pictures.original.subarray(i * 784, (i + 1) * 784),
    seen: pictures.seen.subarray(i * 784, (i + 1) * 784),
  }));
  return { every, truth, predicted, found: matching.length, page, pages, shown };
}
