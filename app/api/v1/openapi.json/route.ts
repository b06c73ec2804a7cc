// GET: the API's own description, as OpenAPI 3.1.
import { platform } from '@/lib/api';
import { openApiDocument } from '@/lib/api/openapi';
import { siteUrl } from '@/lib/api/site-url';
import { endpoint } from '../endpoint';

export const dynamic = 'force-dynamic';

export const GET = endpoint(platform.openapi, async () => {
  const document = openApiDocument(siteUrl());
  return new Response(JSON.stringify(document), { headers: { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' } });
});
