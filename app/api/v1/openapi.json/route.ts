// GET: the API's own description, as OpenAPI 3.1.
import { platform } from '@/lib/api';
import { openApiDocument } from '@/lib/api/openapi';
import { env } from '@/lib/env';
import { endpoint } from '../endpoint';

export const dynamic = 'force-dynamic';

export const GET = endpoint(platform.openapi, async ({ request }) => {
  const document = openApiDocument((env().NEXTAUTH_URL ?? new URL(request.url).origin).replace(/\/$/, ''));
  return new Response(JSON.stringify(document), { headers: { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' } });
});
