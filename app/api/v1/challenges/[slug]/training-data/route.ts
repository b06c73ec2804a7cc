// GET: what the challenge's perturbed training set is made of, for `gauntlet dataset`, and where its files are.
import { challenges } from '@/lib/api';
import { trainingDataOf } from '@/lib/challenges/training-data';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(challenges.trainingData, async ({ viewer, params }) => {
  const { challenge, recipe, files } = await trainingDataOf(viewer, params.slug);
  return { challenge: challenge.slug, recipe, files: [files.npz, files.idx] };
});
