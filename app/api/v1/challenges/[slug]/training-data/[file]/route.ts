// GET: a file of the challenge's training set, whole or in part. The first to ask for one waits while it is made.
import { challenges } from '@/lib/api';
import { trainingFileOf } from '@/lib/challenges/training-data';
import { endpoint } from '../../../../endpoint';
import { serveFile } from '../../../../serve-file';

export const GET = endpoint(challenges.trainingFile, async ({ request, viewer, params: { slug, file: name }, query: { of } }) => {
  const file = await trainingFileOf(viewer, slug, name);
  // An address that names its content can be kept for ever; the plain one is asked again, and answered from its tag.
  const forEver = of === file.id;
  const age = forEver ? 'max-age=31536000, immutable' : 'no-cache';
  return serveFile(request, { ...file, name, cacheControl: `${file.shared ? 'public' : 'private'}, ${age}, no-transform` });
});
