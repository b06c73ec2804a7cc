// A site that lacks a secret must not look as if it worked until somebody signs in. Writes no log, which wants a whole environment itself.
import { env } from '../env.ts';
import { messageOf } from '../errors.ts';
import { providers } from './providers.ts';
import { sessionSecret } from './secret.ts';

/** Ends the process, saying why, where the environment lacks what every site in production needs, has half of it, or cannot be read. */
export function completeOrExit(): void {
  try {
    sessionSecret();
    providers();
    if (!env().DATABASE_URL) throw new Error('DATABASE_URL is not set: a site in production is told where its Postgres is.');
  } catch (error) {
    console.error(`The site does not start. ${messageOf(error)}`);
    process.exit(1);
  }
}
