// Every route of the API as the file system has it, with its contract: for tests that go over all of them.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from '../../app/api/v1/endpoint.ts';
import type { Contract } from '../../lib/api/contract.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** `path` as the folders spell it, in the notation of contracts. */
export type Found = { method: string; path: string; route: Route };

export async function allRoutes(): Promise<Found[]> {
  const folder = join(root, 'app/api/v1');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /(^|\/)route\.ts$/.test(file));
  const found: Found[] = [];
  for (const file of files) {
    const module = (await import(join(folder, file))) as Record<string, Route | undefined>;
    const path = `/${relative(root, join(folder, file, '..')).replace(/^app\//, '')}`.replaceAll('[', '{').replaceAll(']', '}');
    for (const method of methods) if (module[method]) found.push({ method, path, route: module[method] });
  }
  return found;
}

export type Sent = { params?: Record<string, string>; query?: Record<string, string>; body?: unknown; token?: string; headers?: Record<string, string> };

/** Asks a route as the site would; a body that is no string goes as JSON. */
export function ask(route: Route, { params = {}, query = {}, body, token, headers = {} }: Sent = {}): Promise<Response> {
  const { method, path } = route.contract;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(Buffer.from(params[name] ?? '').toString()));
  const search = new URLSearchParams(query).toString();
  const request = new Request(`http://gauntlet.test${filled}${search ? `?${search}` : ''}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return route(request, { params: Promise.resolve(params) });
}

/** The statuses that a contract documents, with the schema of each that is JSON. */
export function documented({ answer, others }: Contract): Map<number, Contract['answer']> {
  return new Map([answer, ...others].map((each) => [each.status, each]));
}
