// `gauntlet reveal`: publishes the secret seed of a phase.
import { Argument, Command } from 'commander';

export function revealCommand(): Command {
  return new Command('reveal')
    .description('publish the seed of a phase of a closed challenge, for ever, in the database of DATABASE_URL')
    .addArgument(new Argument('<phase>', 'which one').choices(['public', 'final']))
    .option('--challenge <slug>', "last part of the challenge's address; needed when there are several")
    .option('--anyway', 'although evaluations of the final phase have not ended')
    .action(async (phase: 'public' | 'final', options) => (await import('./phases.ts')).reveal(phase, options));
}
