// What a row of the matrix is made of, and the answers that many rows share.
import type { Persona, World } from '../world.ts';

/**
 * One letter for each of `personas` (world.ts), in their order: visitor, owner, other student, assistant, instructor, instructor
 * elsewhere, administrator. `+` let in, whatever then came of it; `l` sent to sign in (or 401); `f` forbidden (403); `n` does not exist
 * (404); `-` an action that says no in its own words.
 */
export type Letters = string;
type Made<T> = (world: World, persona: Persona) => T | Promise<T>;
/** The letters in a public challenge and in one for its members only. */
export type Both = { public: Letters; members: Letters };
/** `ofNoChallenge`: the address is the same, whatever the challenge. */
export type PageRow = Both & { path: Made<string>; ofNoChallenge?: true };
export type RouteRow = PageRow & { body?: Made<unknown>; after?: Made<void> };
/** `given` are the arguments of the action, bound ones first; `after` undoes what a row changes for the next one. */
export type ActionRow = Both & { given: Made<unknown[]>; after?: Made<void> };

export const same = (letters: Letters): Both => ({ public: letters, members: letters });
export const everybody = same('+++++++');
export const signedIn = same('l++++++');
/** What anybody may read of a public challenge, and only its members of one that is theirs. */
export const readers: Both = { public: '+++++++', members: 'l++++f+' };
export const staff = same('lff++f+');
export const instructors = same('lfff+f+');
export const administrators = same('lfffff+');
/** Whoever runs some challenge of this site, or may open one. */
export const anyStaff = same('lff++++');
/** A student's own: theirs to see, and the staff's; to everybody else it does not exist. */
export const owners = same('n+n++n+');

export const at = (path: string) => ({ path: () => path, ofNoChallenge: true }) as const;
export const of = (path: string): { path: Made<string> } => ({ path: ({ slug }) => `/challenges/${slug}${path}` });
export const apiOf = (path: string): { path: Made<string> } => ({ path: ({ slug }) => `/api/v1/challenges/${slug}${path}` });
export const ofSubmission = (path: (id: string) => string): { path: Made<string> } => ({ path: async (world) => path(await world.submission()) });

/** A form as a page sends it; an array is a field that comes several times. */
export function form(fields: Record<string, string | string[]> = {}): FormData {
  const filled = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) filled.append(name, one);
  return filled;
}
