// `gauntlet cancel`: ends an evaluation that is not wanted any more.
import { Command } from 'commander';
import { done } from '../api/shapes/common.ts';
import { atSite, call, loggedIn, type SiteOptions } from './site.ts';

async function cancel(submission: string, options: SiteOptions): Promise<void> {
  await call(await loggedIn(options), `/api/v1/submissions/${encodeURIComponent(submission)}/cancel`, done, { method: 'POST' });
  console.log(`${submission} is cancelled; its place in your quota is given back.`);
}

export function cancelCommand(): Command {
  return atSite(new Command('cancel'))
    .description('end the evaluation of a submission of yours that is queued or running')
    .argument('<submission>', 'its id, as gauntlet status shows it')
    .action(cancel);
}
