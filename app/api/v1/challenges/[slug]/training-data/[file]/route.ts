// GET: a file of the challenge's training set, whole or in part. The first to ask for one waits while it is made.
import { trainingFileOf } from '@/lib/challenges/training-data';
import { respond } from '../../../../respond';
import { serveFile } from '../../../../serve-file';

type Context = { params: Promise<{ slug: string; file: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { slug, file: name } = await params;
    const file = await trainingFileOf(slug, name);
    // An address that names its content can be kept for ever; the plain one is asked again, and answered from its tag.
    const forEver = new URL(request.url).searchParams.get('of') === file.id;
    return serveFile(request, {
      ...file,
      name,
      cacheControl: forEver ? 'public, max-age=31536000, immutable, no-transform' : 'public, no-cache, no-transform',
    });
  });
}
