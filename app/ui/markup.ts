// A component rendered to HTML once for all who are to see the same: what it is told is the key, so that nobody can be shown another's.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createElement, type FunctionComponent } from 'react';
import type { renderToStaticMarkup } from 'react-dom/server';
import { markups } from './markup-store';

/** What JSON holds whole; a date, a map or a function would make two different things look alike. */
export type Data = string | number | boolean | null | undefined | readonly Data[] | { readonly [name: string]: Data };

/** From the site's working directory and at run time, because Next's compiler lets no component reach the renderer. */
let render: typeof renderToStaticMarkup | undefined;
const renderer = () =>
  (render ??= (createRequire(join(process.cwd(), 'package.json'))('react-dom/server') as { renderToStaticMarkup: typeof renderToStaticMarkup }).renderToStaticMarkup);

export type Markup = { key: string; html: string };

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
const digests = new WeakMap<object, string>();

/** Of frozen things kept with them: a board gives the same frozen rows and figures to all who see the same. */
function textOf(value: Data): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (!Object.isFrozen(value)) return Array.isArray(value) ? `[${value.map(textOf).join()}]` : JSON.stringify(value);
  const known = digests.get(value) ?? digest(JSON.stringify(value));
  digests.set(value, known);
  return known;
}

/**
 * The HTML of a component, and its key. `Part` must be a pure function of its props: no hooks, no client components, nothing of
 * the request; `name` is its own among all that are rendered so.
 */
export function markupOf<P extends Data & object>(name: string, Part: FunctionComponent<P>, props: P): Markup {
  const told = Object.entries(props).map(([prop, value]) => `${prop}:${textOf(value)}`);
  const key = digest(`${name}\0${told.join('\0')}`);
  return { key, html: markups().of(key, () => renderer()(createElement(Part, props))) };
}
