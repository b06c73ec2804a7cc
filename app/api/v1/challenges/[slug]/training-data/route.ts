// GET: what the challenge's perturbed training set is made of, for `gauntlet dataset`, and where its files are.
import { trainingDataOf } from '@/lib/challenges/training-data';
import { json, respond } from '../../../respond';

type Context = { params: Promise<{ slug: string }> };

export async function GET(_: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { challenge, recipe, files } = await trainingDataOf((await params).slug);
    return json({ challenge: challenge.slug, recipe, files: [files.npz, files.idx] });
  });
}
