// GET: whether the site and its database answer; for the start-up and for whatever watches the site.
import { databaseAnswers } from '@/lib/monitoring/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const ok = await databaseAnswers();
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}
