// POST: what a mail program sends when its reader turns our mail off (RFC 8058). The token in the address says whose and which.
import { RequestError } from '@/lib/errors';
import { unsubscribe } from '@/lib/notifications/unsubscribe';

export async function POST(request: Request): Promise<Response> {
  try {
    const { label } = await unsubscribe(new URL(request.url).searchParams.get('token') ?? '');
    return new Response(`No mail any more when: ${label}\n`);
  } catch (error) {
    if (error instanceof RequestError) return new Response(`${error.message}\n`, { status: error.status });
    throw error;
  }
}

/** Somebody who opens that address in a browser gets the page with its button: reading alone turns nothing off. */
export async function GET(request: Request): Promise<Response> {
  const token = new URL(request.url).searchParams.get('token') ?? '';
  const page = `/account/notifications/unsubscribe?token=${encodeURIComponent(token)}`;
  return new Response(null, { status: 303, headers: { Location: page } });
}
