// `gauntlet final`: enters what counts into the final phase of a closed challenge.
import { Command } from 'commander';

export function finalCommand(): Command {
  return new Command('final')
    .description("enter each student's best submission and the baselines into the final phase, in the database of DATABASE_URL")
    .option('--challenge <slug>', "last part of the challenge's address; needed when there are several")
    .option('--anyway', 'although submissions of the public phase are still being evaluated')
    .action(async (options) => (await import('./phases.ts')).final(options));
}
