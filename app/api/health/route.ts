// GET: that this process answers, and nothing else: whoever restarts processes asks here, and a lost database needs no restart.

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  return Response.json({ ok: true }, { headers: { 'Cache-Control': 'no-store' } });
}
