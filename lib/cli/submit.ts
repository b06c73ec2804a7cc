// `gauntlet submit`: uploads a model to a Gauntlet site, once however often the connection breaks, and may wait for its score.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { problem as problemSchema } from '../api/shapes/common.ts';
import { RequestError, SubmissionError } from '../errors.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { readFiles, scalingOf, takingModel, type ScalingOptions } from './model.ts';
import { atSite, call, loggedIn, type Site, type SiteOptions } from './site.ts';
import { percent, scoreTable } from './table.ts';

type Options = ScalingOptions & SiteOptions & { name?: string; challenge?: string; declareTta?: string; wait?: boolean };

// Of each answer only what is used here, so that another version of the site does as well.
const draftSchema = z.object({ id: z.string(), report: z.object({ notes: z.array(z.string()) }) });
const submissionSchema = z.object({ submissionId: z.string(), url: z.string() });
const stateSchema = z.object({
  status: z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']),
  failure: z.object({ message: z.string().optional(), problem: problemSchema.optional() }).nullish(),
  progress: z.object({ doneImages: z.number(), totalImages: z.number() }),
  score: z.custom<Score>().nullish(),
});

const pollMilliseconds = 2000;

async function waitForScore(site: Site, submissionId: string): Promise<void> {
  for (let said = ''; ; await sleep(pollMilliseconds)) {
    const { status, failure, progress, score } = await call(site, `/api/v1/submissions/${submissionId}`, stateSchema);
    const share = progress.totalImages > 0 ? ` ${Math.floor((100 * progress.doneImages) / progress.totalImages)} %` : '';
    const line = `${status}${status === 'running' ? share : ''}${score?.mixed ? `, mixed ${percent(score.mixed.value)}` : ''}`;
    if (line !== said) console.error((said = line));
    if (status === 'finished' && score) return console.log(scoreTable(currentScore(score)!));
    if (status === 'cancelled') throw new RequestError(409, 'The evaluation was cancelled.');
    if (status === 'failed') {
      if (failure?.problem) throw new SubmissionError(failure.problem);
      throw new RequestError(400, `The evaluation failed on the site's side: ${failure?.message ?? 'no reason given'}`);
    }
  }
}

async function submit(paths: string[], options: Options): Promise<void> {
  const site = await loggedIn(options);
  const form = new FormData();
  if (options.challenge) form.append('challenge', options.challenge);
  const scaling = scalingOf(options);
  if (scaling) form.append('scaling', JSON.stringify(scaling));
  const files = await readFiles(paths);
  // Fields stand before the files: the site reads the upload as it streams in.
  for (const { name, bytes } of files) form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const draft = await call(site, '/api/v1/drafts', draftSchema, { method: 'POST', form });
  for (const note of draft.report.notes) console.error(note);

  const name = options.name ?? files[0].name;
  const { submissionId, url: page } = await call(site, '/api/v1/submissions', submissionSchema, {
    method: 'POST',
    body: { draftId: draft.id, name, declaredTta: options.declareTta ?? null },
  });
  console.log(`Submitted as "${name}": ${new URL(page, site.url)}`);
  if (options.wait) await waitForScore(site, submissionId);
}

export function submitCommand(): Command {
  return atSite(takingModel(new Command('submit')))
    .description('upload a model to the leaderboard')
    .option('--challenge <slug>', 'which challenge, the last part of its address; needed when the site has several')
    .option('--name <name>', 'what the model is called on the board (default: its file name)')
    .option('--declare-tta <policy>', 'be ranked under this test-time augmentation policy, e.g. shift (default: the model itself)')
    .option('--wait', 'stay until the evaluation is finished, and show the score')
    .action(submit);
}
