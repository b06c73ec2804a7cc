// GET: whether the site can serve, part by part, with 503 when it cannot; for the start-up and for whatever sends it visitors.
import { stopping } from '@/lib/drain';
import { readiness } from '@/lib/monitoring/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const found = await readiness();
  const ready = found.ready && !stopping().aborted;
  return Response.json({ ...found, ready }, { status: ready ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}
