// Whether a request that changes something comes from one of our own pages. A session cookie alone does not prove it.
import { RequestError } from '../errors.ts';

/** Throws RequestError 403 when a changing request's browser says it was sent by another site, or says nothing. */
export function requireSameOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
  const site = request.headers.get('sec-fetch-site');
  if (site ? site === 'same-origin' : originIsOurs(request.headers)) return;
  throw new RequestError(
    403,
    'This request did not come from a page of this site. A script should send an API token instead of a session cookie.',
  );
}

function originIsOurs(headers: Headers): boolean {
  const origin = headers.get('origin');
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  return origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host;
}
