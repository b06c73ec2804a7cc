// The one way into every route: who asks, may the token, is it too often, is it well-formed, was it answered before.
import type { NextRequest } from 'next/server';
import type { z } from 'zod';
import type { Contract } from '@/lib/api/contract';
import { requireScope } from '@/lib/auth/scopes';
import { viewerOf } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { RequestError } from '@/lib/errors';
import { log, withLogContext } from '@/lib/log';
import { observeRequest } from '@/lib/monitoring/requests';
import { callerOf } from '@/lib/requests/address';
import { claim, keep, letGo, requestHash } from '@/lib/requests/idempotency';
import { buckets, take, type Taken } from '@/lib/requests/rate-limit';
import { bodyOf, fieldsOf, textOf } from './parse';
import { json, Refusal, refusalOf, requestIdOf } from './respond';

type Of<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a route is told. */
export type Asked<C extends Contract> = {
  request: Request;
  viewer: C['auth'] extends 'required' ? Viewer : Viewer | null;
  params: Of<C['params']>;
  query: Of<C['query']>;
  body: Of<C['body']>;
  /** Of the answer, beside those that every answer has. */
  headers: Headers;
};
/** What it answers: what the contract promises, or a Response where that is another status or no JSON. */
type Given<C extends Contract> = C['answer']['schema'] extends z.ZodType ? z.input<C['answer']['schema']> | Response : Response;

type Context = { params: Promise<Record<string, string>> };
export type Route = ((request: Request | NextRequest, context?: Context) => Promise<Response>) & { contract: Contract };

const realm = 'Sign in, or send an API token as "Authorization: Bearer <token>". Tokens are made on your account page.';

/** The route of a contract. Whether the viewer may is asked by the verb that `handle` calls; only scopes are asked here. */
export function endpoint<C extends Contract>(contract: C, handle: (asked: Asked<C>) => Promise<Given<C>>): Route {
  const route = (request: Request, context?: Context): Promise<Response> => {
    const requestId = requestIdOf(request);
    return withLogContext({ requestId }, async () => {
      const began = performance.now();
      const headers = new Headers({ 'X-Request-Id': requestId });
      const response = await answer(contract, request, context, headers, handle).catch((error: unknown) => refusalOf(error, requestId));
      headers.forEach((value, name) => response.headers.set(name, value));
      const milliseconds = Math.round(performance.now() - began);
      observeRequest({ method: contract.method, route: contract.path, status: response.status, seconds: milliseconds / 1000 });
      log.debug({ method: contract.method, path: contract.path, status: response.status, milliseconds }, 'API request');
      return response;
    });
  };
  return Object.assign(route, { contract });
}

type Handle<C extends Contract> = (asked: Asked<C>) => Promise<Given<C>>;

async function answer<C extends Contract>(
  contract: C, request: Request, context: Context | undefined, headers: Headers, handle: Handle<C>,
): Promise<Response> {
  const viewer = await admittedViewer(contract, request, headers);
  const params = fieldsOf(contract.params, (await context?.params) ?? {}, 'path');
  const query = fieldsOf(contract.query, Object.fromEntries(new URL(request.url).searchParams), 'query');
  const text = contract.bucket === 'upload' || contract.method === 'GET' ? '' : await textOf(request);
  const body = contract.bucket === 'upload' ? undefined : bodyOf(contract, text);
  const act = async () => responseOf(contract, await handle({ request, viewer, params, query, body, headers } as Asked<C>));
  const key = contract.idempotent && viewer ? request.headers.get('idempotency-key') : null;
  return key === null ? act() : once(viewer!, key, requestHash(request.method, addressOf(request), text), act);
}

/** Who asks, after the token's scope and the rate limit were looked at; a visitor is refused where one has to be somebody. */
async function admittedViewer({ auth, scope, bucket }: Contract, request: Request, headers: Headers): Promise<Viewer | null> {
  const from = `address ${callerOf(request.headers)}`;
  const viewer = auth === 'none' ? null : await viewerOf(request).catch(async (error: unknown) => {
    // Guessing tokens is asking too.
    limit(await take(buckets.address, from), headers);
    throw error;
  });
  limit(await (viewer ? take(buckets[bucket], `user ${viewer.id}`) : take(buckets.address, from)), headers);
  if (!viewer && auth === 'required') throw new RequestError(401, realm);
  try {
    requireScope(viewer, scope);
  } catch (error) {
    throw error instanceof RequestError ? new Refusal(403, 'missing-scope', error.message) : error;
  }
  return viewer;
}

/** Says how much is left, in the words of the IETF's draft and in the older ones. Throws when it is nothing. */
function limit({ bucket: { name, most, seconds }, allowed, remaining, resetSeconds }: Taken, headers: Headers): void {
  headers.set('RateLimit-Policy', `"${name}";q=${most};w=${seconds}`);
  headers.set('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
  headers.set('RateLimit-Limit', String(most));
  headers.set('RateLimit-Remaining', String(remaining));
  headers.set('RateLimit-Reset', String(resetSeconds));
  if (allowed) return;
  const message = `That was more than ${most} requests in ${seconds} seconds. Go on in ${resetSeconds} seconds.`;
  throw new Refusal(429, 'rate-limited', message, { 'Retry-After': String(resetSeconds) });
}

function addressOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** Carries a request out once for its key. What was refused has changed nothing, so only what was done is kept. */
async function once({ id }: Viewer, key: string, hash: string, act: () => Promise<Response>): Promise<Response> {
  const earlier = await claim(id, key, hash).catch((error: unknown) => {
    if (!(error instanceof RequestError)) throw error;
    if (error.status === 422) throw new Refusal(422, 'idempotency-key-reused', error.message);
    throw error.status === 409 ? new Refusal(409, 'idempotency-key-in-use', error.message, { 'Retry-After': '1' }) : error;
  });
  if (earlier) {
    const response = json(earlier.body, earlier.status);
    response.headers.set('Idempotency-Replayed', 'true');
    return response;
  }
  const response = await act().catch(async (error: unknown) => {
    await letGo(id, key);
    throw error;
  });
  if (response.ok) await keep(id, key, { status: response.status, body: await response.clone().json() });
  else await letGo(id, key);
  return response;
}

/** Only what the contract names goes out. */
function responseOf({ answer: { schema, status }, path }: Contract, given: unknown): Response {
  if (given instanceof Response) return given;
  const promised = schema!.safeParse(given);
  if (promised.success) return json(promised.data, status);
  // Somebody waits for this answer: it goes out as it is, and the log says what the contract lacks.
  log.error({ path, issues: promised.error.issues.slice(0, 5) }, 'an answer is not as its contract says');
  return json(given, status);
}
