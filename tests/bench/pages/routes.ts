// Every page of the site as it lies in app/, with its parameters filled from a simulated class.
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../../../app', import.meta.url));

/** Addresses to ask for: several of one page where a query changes what is computed. */
export type Route = { page: string; address: string };
/** Samples by the folder before the parameter, or by the parameter's own name: `slug`, `submissions/id`, `userId`. */
export type Samples = Readonly<Record<string, string | undefined>>;

/** Queries worth a row of their own. */
const queries: Readonly<Record<string, readonly string[]>> = {
  '/challenges/[slug]': ['', '?sort=robust'],
  '/challenges/[slug]/desk/class': ['', '?sort=pixelate'],
  '/submissions': ['', '?of=all', '?of=all&challenge=[slug]'],
};

/** In the order of their addresses; `missing` are the pages for which the class has no sample. */
export function routesOf(samples: Samples): { routes: Route[]; missing: string[] } {
  const routes: Route[] = [];
  const missing: string[] = [];
  for (const page of pages()) {
    const filled = fill(page, samples);
    if (filled === null) missing.push(page);
    else for (const query of queries[page] ?? ['']) routes.push({ page, address: filled + query.replace('[slug]', samples.slug ?? '') });
  }
  return { routes, missing };
}

function pages(): string[] {
  return readdirSync(app, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name === 'page.tsx')
    .map((entry) => entry.parentPath.slice(app.length).split(sep).filter((part) => !part.startsWith('(')).join('/') || '/')
    .sort();
}

function fill(page: string, samples: Samples): string | null {
  const parts = page.split('/');
  const filled = parts.map((part, i) => {
    const name = /^\[(.+)\]$/.exec(part)?.[1];
    return name === undefined ? part : (samples[`${parts[i - 1]}/${name}`] ?? samples[name]);
  });
  return filled.includes(undefined) ? null : join('/', ...(filled as string[]));
}
