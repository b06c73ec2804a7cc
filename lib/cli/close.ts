// `gauntlet close`: ends a challenge's time for submissions, now or later.
import { Command } from 'commander';

export function closeCommand(): Command {
  return new Command('close')
    .description('set the deadline of a challenge in the database of DATABASE_URL; without --at, it is now')
    .option('--challenge <slug>', "last part of the challenge's address; needed when there are several")
    .option('--at <time>', 'the deadline with its zone, like 2027-01-31T23:59:00+01:00')
    .action(async (options) => (await import('./phases.ts')).close(options));
}
