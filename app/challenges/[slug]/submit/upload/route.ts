// POST: an upload by the plain form of a page without scripts. Leads back to the page, which says what was found.
import { readMultipart } from '@/app/api/v1/drafts/multipart';
import { takeUpload, withSlot } from '@/app/api/v1/drafts/take-upload';
import { refusalOf, requestIdOf } from '@/app/api/v1/respond';
import { viewerOf } from '@/lib/auth/session';
import { admitted } from '@/lib/challenges/standing';
import { RequestError } from '@/lib/errors';
import { log } from '@/lib/log';
import { createDraft } from '@/lib/submissions/drafts';

type Context = { params: Promise<{ slug: string }> };

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { slug } = await params;
  const viewer = await viewerOf(request).catch(() => null);
  try {
    await admitted(viewer, slug);
  } catch (error) {
    // There is no such form for whoever may not open its page.
    return refusalOf(error, requestIdOf(request));
  }
  const page = `/challenges/${encodeURIComponent(slug)}/submit`;
  try {
    if (!viewer) return lead(`/login?to=${encodeURIComponent(page)}`);
    await takeUpload(viewer);
    const { id } = await withSlot(viewer, request.headers, async () => createDraft(viewer, slug, (await readMultipart(request)).files));
    return lead(`${page}?draft=${id}`);
  } catch (error) {
    if (error instanceof RequestError) return lead(page + wordFor(error));
    log.error({ error }, 'a plain upload failed');
    return lead(`${page}?refused=broken`);
  }
}

const words: Partial<Record<RequestError['status'], string>> = { 413: 'too-large', 429: 'too-often', 400: 'empty' };

/** Why it was refused, for the address. What the dates refuse, the page says itself. */
const wordFor = ({ status }: RequestError) => (status === 403 ? '' : `?refused=${words[status] ?? 'broken'}`);

/** Relative to the site, behind whatever proxy it stands. */
const lead = (to: string) => new Response(null, { status: 303, headers: { Location: to, 'Cache-Control': 'no-store' } });
