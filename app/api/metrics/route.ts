// GET: what Prometheus reads, for whoever shows METRICS_TOKEN.
import { RequestError } from '@/lib/errors';
import { metricsText, requireMetricsToken } from '@/lib/monitoring/metrics';

export const dynamic = 'force-dynamic';

const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' };

export async function GET(request: Request): Promise<Response> {
  try {
    requireMetricsToken(request.headers.get('authorization'));
  } catch (error) {
    if (error instanceof RequestError) return new Response(`${error.message}\n`, { status: error.status, headers });
    throw error;
  }
  return new Response(await metricsText(), { headers });
}
