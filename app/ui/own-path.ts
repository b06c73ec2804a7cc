// Where to go after signing in: a path of this site and nothing else.

/** `to` when it is a path here, else the entrance. `//host` and `/\host` are other sites to a browser. */
export function ownPath(to: string | undefined): string {
  return to && /^\/(?![/\\])[\x20-\x5b\x5d-\x7e]*$/.test(to) ? to : '/';
}
