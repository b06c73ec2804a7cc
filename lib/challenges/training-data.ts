// The perturbed training set that a challenge gives its students: what it is made of, and its files. No pixel is touched here.
import { join } from 'node:path';
import { env } from '../env.ts';
import type { Viewer } from '../auth/viewer.ts';
import { RequestError } from '../errors.ts';
import { type Format, formats } from '../training-data/formats.ts';
import { fileOf, type KeptFile, lookUp, type Place } from '../training-data/kept.ts';
import { kindsOf, type Recipe, recipeId, recipeOf, trainingSeed } from '../training-data/recipe.ts';
import type { ChallengeView } from './challenges.ts';
import { admitted } from './standing.ts';

export { kerasLoad, kindOfImage, pytorchLoad, pytorchLoader, torchvisionLoad } from '../training-data/snippets.ts';

export type TrainingFile = {
  format: Format;
  name: string;
  /** Address on the site. With the recipe's id in it, it never changes its content. */
  url: string;
  /** Null until somebody has asked for the file. */
  made: { bytes: number; sha256: string } | null;
};

export type TrainingData = { challenge: ChallengeView; recipe: Recipe; files: Record<Format, TrainingFile> };

/** Files are kept below the installation's folder; the working directory is the project's, as for all of the site. */
function place(): Place {
  return { home: env().GAUNTLET_HOME ?? join(process.cwd(), '.gauntlet'), directory: env().FASHION_MNIST_DIR };
}

const kept = Object.entries(formats) as [Format, (typeof formats)[Format]][];

async function recipeOfChallenge(viewer: Viewer | null, slug: string): Promise<{ challenge: ChallengeView; recipe: Recipe }> {
  const { challenge } = await admitted(viewer, slug);
  const kinds = kindsOf(challenge.protocol);
  if (kinds.length === 0) {
    throw new RequestError(404, `"${slug}" measures no perturbation, so it has no perturbed training set: train on FashionMNIST itself.`);
  }
  return { challenge, recipe: recipeOf({ seed: trainingSeed(challenge.slug), kinds }) };
}

/** What the training set of a challenge is, and what is known of its files. Throws RequestError 404, 401 and 403. */
export async function trainingDataOf(viewer: Viewer | null, slug: string): Promise<TrainingData> {
  const { challenge, recipe } = await recipeOfChallenge(viewer, slug);
  const files = await Promise.all(
    kept.map(async ([format, { file: name }]): Promise<[Format, TrainingFile]> => {
      const made = await lookUp(place(), recipe, format);
      const url = `/api/v1/challenges/${encodeURIComponent(slug)}/training-data/${name}?of=${recipeId(recipe)}`;
      return [format, { format, name, url, made: made && { bytes: made.bytes, sha256: made.sha256 } }];
    }),
  );
  return { challenge, recipe, files: Object.fromEntries(files) as TrainingData['files'] };
}

/** `id` names the content; `shared` says whether anybody may have it. */
export type ServedFile = KeptFile & { type: string; id: string; shared: boolean };

/** One file, made now if nobody has asked for it before (seconds). Throws as trainingDataOf. */
export async function trainingFileOf(viewer: Viewer | null, slug: string, name: string): Promise<ServedFile> {
  // Who may not read the challenge is not told what there is, either.
  const { challenge, recipe } = await recipeOfChallenge(viewer, slug);
  const found = kept.find(([, { file }]) => file === name);
  if (!found) throw new RequestError(404, `There is no file "${name}". There are ${kept.map(([, { file }]) => file).join(', ')}.`);
  const [format, { type }] = found;
  return { ...(await fileOf(place(), recipe, format)), type, id: recipeId(recipe), shared: challenge.visibility === 'public' };
}
