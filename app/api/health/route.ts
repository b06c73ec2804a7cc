// GET: whether the site and its database answer, and what no worker alive can run; for the start-up and for whatever watches the site.
import { databaseAnswers } from '@/lib/monitoring/health';
import { stalledClasses } from '@/lib/monitoring/stalled';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const ok = await databaseAnswers();
  const stalled = ok ? await stalledClasses() : [];
  return Response.json({ ok, stalled }, { status: ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}
