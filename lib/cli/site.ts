// The site that a command talks to: which one, as whom, and one request of its API.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command } from 'commander';
import { z } from 'zod';
import { env } from '../env.ts';
import { messageOf, RequestError, SubmissionError } from '../errors.ts';
import { problem as problemSchema } from '../api/shapes/common.ts';
import { readCredentials } from './credentials.ts';

/** `token` is null for a visitor. */
export type Site = { url: string; token: string | null };
export type SiteOptions = { url?: string; token?: string };

/** What the command line ends with; beside 0 for done and 1 for every other refusal. */
export const exitCodes = { unreachable: 3, notLoggedIn: 4 } as const;

/** A failure with an exit code of its own, so that a script can tell what would help. */
export class SiteError extends RequestError {
  readonly exitCode: number;

  constructor(kind: keyof typeof exitCodes, message: string) {
    super(kind === 'notLoggedIn' ? 401 : 400, message);
    this.exitCode = exitCodes[kind];
  }
}

/** Adds the options that name the site and the token. */
export function atSite(command: Command): Command {
  return command
    .option('--url <address>', 'the site (default: GAUNTLET_URL, else where you logged in last)')
    .option('--token <token>', 'your API token (default: GAUNTLET_TOKEN, else that of gauntlet login)');
}

/** An address without path and slash. Throws RequestError for what is none. */
export function originOf(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new RequestError(400, `${url} is no address. Give one like https://gauntlet.example.org.`);
  return new URL(url).origin;
}

/** The site of the options, of the environment, or of the login; with its token where one is known. */
export async function siteOf(options: SiteOptions): Promise<Site> {
  const stored = await readCredentials();
  const named = options.url ?? env().GAUNTLET_URL ?? stored.default;
  if (!named) throw new SiteError('notLoggedIn', 'Which site? Log in with gauntlet login https://…, or give --url, or set GAUNTLET_URL.');
  const url = originOf(named);
  return { url, token: options.token ?? env().GAUNTLET_TOKEN ?? stored.sites[url]?.token ?? null };
}

/** As siteOf, for what only somebody may do. */
export async function loggedIn(options: SiteOptions): Promise<Site> {
  const site = await siteOf(options);
  if (site.token) return site;
  throw new SiteError('notLoggedIn', `Who are you at ${site.url}? Run gauntlet login ${site.url}, or give --token or GAUNTLET_TOKEN; a token is made on your account page of the site.`);
}

const pausesSeconds = [0.5, 2, 5];
const longestWaitSeconds = 60;

/** Connections that were there and were lost. A site that never answered any other way is not waited for: its address is wrong. */
const lost = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'];
const reached = new Set<string>();
const worthWaiting = (origin: string, error: unknown) =>
  reached.has(origin) || lost.includes(((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? '');

/**
 * One request, and again after a lost connection or where the site says when to come back: GETs, and what has a key by which the
 * site knows it again. Throws SiteError when the site cannot be reached or does not know the token.
 */
export async function fetchSite({ url, token }: Site, path: string, init: RequestInit & { again?: boolean } = {}): Promise<Response> {
  const { again = !init.method || init.method === 'GET', ...rest } = init;
  const address = new URL(path, url);
  const headers = { ...(rest.headers as Record<string, string>), ...(token && { authorization: `Bearer ${token}` }) };
  for (let attempt = 0; ; attempt++) {
    const pause = again ? pausesSeconds[attempt] : undefined;
    try {
      const response = await fetch(address, { ...rest, headers });
      reached.add(address.origin);
      const wait = Number(response.headers.get('retry-after'));
      const later = (response.status === 429 || response.status === 409) && wait > 0 && wait <= longestWaitSeconds;
      if (pause === undefined || !later) return response;
      await sleep(wait * 1000);
    } catch (error) {
      if (pause === undefined || !worthWaiting(address.origin, error)) {
        const why = messageOf((error as Error).cause ?? error);
        throw new SiteError('unreachable', `${address.origin} cannot be reached: ${why}. Is --url right?`);
      }
      await sleep(pause * 1000);
    }
  }
}

/** Throws what a refusal says: SubmissionError for a refused model, SiteError for a token that is not known, RequestError for the rest. */
export async function refuse(response: Response): Promise<never> {
  const body: unknown = await response.json().catch(() => null);
  const refused = z.object({ problem: problemSchema }).safeParse(body);
  if (refused.success) throw new SubmissionError(refused.data.problem);
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
  const message = said.success ? said.data.error.message : `${response.url} answered ${response.status} ${response.statusText}.`;
  throw response.status === 401 ? new SiteError('notLoggedIn', message) : new RequestError(400, message);
}

type Asked = { method?: string; body?: unknown; form?: FormData };

/** One request of the API, answered in JSON. Changes carry a key, so that a repeated one is carried out once. */
export async function call<T>(site: Site, path: string, schema: z.ZodType<T>, { method = 'GET', body, form }: Asked = {}): Promise<T> {
  const keyed = method === 'POST' && !form;
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(keyed && { 'idempotency-key': randomUUID() }) };
  const content = form ?? (body === undefined ? undefined : JSON.stringify(body));
  // A draft costs nothing, so an upload that broke off is simply sent again.
  const response = await fetchSite(site, path, { method, headers, body: content, again: method === 'GET' || keyed || form !== undefined });
  if (!response.ok) return refuse(response);
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new RequestError(400, `${response.url} answered something unexpected: is this a Gauntlet site, and as new as this command?`);
}

/** The challenge named, or the only one there is. */
export async function challengeAt(site: Site, slug: string | undefined): Promise<string> {
  if (slug !== undefined) return slug;
  const { challenges } = await call(site, '/api/v1/challenges', z.object({ challenges: z.array(z.object({ slug: z.string() })) }));
  if (challenges.length === 1) return challenges[0].slug;
  throw new RequestError(400, `Which challenge? Name one of: ${challenges.map((one) => one.slug).join(', ') || 'there is none'}.`);
}
