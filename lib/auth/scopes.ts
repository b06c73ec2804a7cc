// What an API token may do of what its owner may. A session has every scope.
import { RequestError } from '../errors.ts';

export const scopes = {
  read: 'read challenges, boards and what you may see of submissions',
  submit: 'upload, submit and cancel in your name',
  manage: 'change challenges, teams and people, as far as you may',
} as const;

export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];

/** Whether what was stored or asked for names a scope. */
export const isScope = (name: string): name is Scope => name in scopes;

/** Throws RequestError 403 when the viewer came by an API token without the scope. Visitors and sessions pass. */
export function requireScope(viewer: { scopes?: readonly Scope[] } | null, needed: Scope): void {
  if (!viewer?.scopes || viewer.scopes.includes(needed)) return;
  throw new RequestError(
    403,
    `This API token may ${viewer.scopes.join(', ') || 'nothing'}, and this takes "${needed}". Make another on your account page.`,
  );
}
