// The address that this site is reached at, as it is told to people and programs.
import { env } from '../env.ts';

/** Without a slash at its end; of this machine where nothing is set. */
export function siteUrl(): string {
  const { NEXTAUTH_URL, PORT } = env();
  return (NEXTAUTH_URL ?? `http://127.0.0.1:${PORT ?? 3000}`).replace(/\/$/, '');
}
