// What Next runs before a page (it looks for the name proxy.ts, here): counts it, and gives each answer a content security policy with a
// nonce of its own. Uploads and the API do not come through here, because a proxy holds a request's body in memory, and cuts it.
import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';
import { contentPolicy } from './lib/content-policy';
import { callerOf } from './lib/requests/address';
import { tooManyPages } from './lib/requests/page-rate';

/** Next reads the nonce out of the request's own header and puts it on its scripts. */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentPolicy({ nonce: randomBytes(16).toString('base64'), developing: process.env.NODE_ENV === 'development' });
  const seconds = tooManyPages(callerOf(request.headers), sessionOf(request));
  const response = seconds === null ? NextResponse.next({ request: { headers: withPolicy(request.headers, policy) } }) : refused(seconds);
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

/** Whatever may be a page, an error's too: what is left out has its policy from next.config.js. Read by the build, so no expressions. */
export const config = {
  matcher: ['/((?!api/|_next/static/|_next/webpack-hmr|challenges/[^/]+/submit/upload$).*)'],
};

function withPolicy(given: Headers, policy: string): Headers {
  const headers = new Headers(given);
  headers.set('Content-Security-Policy', policy);
  return headers;
}

/** The cookie's own text, which need not be a session: it only tells the people behind one address apart. */
const sessionOf = ({ cookies }: NextRequest) => cookies.getAll().find(({ name }) => name.endsWith('next-auth.session-token'))?.value ?? '';

const refused = (seconds: number) =>
  new NextResponse(`That were more pages than a person looks at in a minute. Go on in ${seconds} seconds.\n`, { status: 429, headers: { 'Retry-After': String(seconds) } });
