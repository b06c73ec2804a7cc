// `gauntlet submit`: uploads a model to a Gauntlet site with an API token, and may wait for its score.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { env } from '../env.ts';
import { messageOf, RequestError, SubmissionError } from '../errors.ts';
import { currentScore, type Score } from '../evaluation/score.ts';
import { readFiles, scalingOf, takingModel, type ScalingOptions } from './model.ts';
import { percent, scoreTable } from './table.ts';

type Options = ScalingOptions & { url?: string; token?: string; name?: string; challenge?: string; declareTta?: string; wait?: boolean };

const problemSchema = z.object({ code: z.string(), found: z.string(), wanted: z.string(), fix: z.string(), snippet: z.string().optional() });
const draftSchema = z.object({ id: z.string(), report: z.object({ notes: z.array(z.string()) }) });
const submissionSchema = z.object({ submissionId: z.string(), url: z.string() });
const stateSchema = z.object({
  status: z.enum(['queued', 'running', 'finished', 'failed']),
  failure: z.object({ message: z.string().optional(), problem: problemSchema.optional() }).nullish(),
  progress: z.object({ doneImages: z.number(), totalImages: z.number() }),
  score: z.custom<Score>().nullish(),
});

const pollMilliseconds = 2000;

type Site = { url: string; token: string };

/** One request of the API. Throws SubmissionError for a refused model, RequestError for every other refusal. */
async function call<T>({ url, token }: Site, path: string, schema: z.ZodType<T>, init: RequestInit = {}): Promise<T> {
  const address = new URL(path, url);
  const response = await fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }).catch((error: Error) => {
    throw new RequestError(400, `${address.origin} cannot be reached: ${messageOf(error.cause ?? error)}. Is --url right?`);
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new RequestError(400, `${address} answered something unexpected: is this a Gauntlet site, and as new as this command?`);
  }
  const problem = z.object({ problem: problemSchema }).safeParse(body);
  if (problem.success) throw new SubmissionError(problem.data.problem);
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
  if (said.success) throw new RequestError(400, said.data.error.message);
  throw new RequestError(400, `${address} answered ${response.status} ${response.statusText}.`);
}

async function waitForScore(site: Site, submissionId: string): Promise<void> {
  for (let said = ''; ; await sleep(pollMilliseconds)) {
    const { status, failure, progress, score } = await call(site, `/api/v1/submissions/${submissionId}`, stateSchema);
    const share = progress.totalImages > 0 ? ` ${Math.floor((100 * progress.doneImages) / progress.totalImages)} %` : '';
    const line = `${status}${status === 'running' ? share : ''}${score?.mixed ? `, mixed ${percent(score.mixed.value)}` : ''}`;
    if (line !== said) console.error((said = line));
    if (status === 'finished' && score) return console.log(scoreTable(currentScore(score)!));
    if (status === 'failed') {
      if (failure?.problem) throw new SubmissionError(failure.problem);
      throw new RequestError(400, `The evaluation failed on the site's side: ${failure?.message ?? 'no reason given'}`);
    }
  }
}

async function submit(paths: string[], options: Options): Promise<void> {
  const url = options.url ?? env().GAUNTLET_URL;
  const token = options.token ?? env().GAUNTLET_TOKEN;
  if (!url) throw new RequestError(400, 'Where to? Give --url https://... or set GAUNTLET_URL to the address of the site.');
  if (!URL.canParse(url)) throw new RequestError(400, `${url} is no address. Give one like https://gauntlet.example.org.`);
  if (!token) throw new RequestError(401, 'Who are you? Give --token or set GAUNTLET_TOKEN; a token is made on your account page of the site.');
  const site = { url, token };

  const form = new FormData();
  if (options.challenge) form.append('challenge', options.challenge);
  const scaling = scalingOf(options);
  if (scaling) form.append('scaling', JSON.stringify(scaling));
  const files = await readFiles(paths);
  // Fields stand before the files: the site reads the upload as it streams in.
  for (const { name, bytes } of files) form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const draft = await call(site, '/api/v1/drafts', draftSchema, { method: 'POST', body: form });
  for (const note of draft.report.notes) console.error(note);

  const name = options.name ?? files[0].name;
  const { submissionId, url: page } = await call(site, '/api/v1/submissions', submissionSchema, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ draftId: draft.id, name, declaredTta: options.declareTta ?? null }),
  });
  console.log(`Submitted as "${name}": ${new URL(page, url)}`);
  if (options.wait) await waitForScore(site, submissionId);
}

export function submitCommand(): Command {
  return takingModel(new Command('submit'))
    .description('upload a model to the leaderboard')
    .option('--url <address>', 'the site (default: GAUNTLET_URL)')
    .option('--token <token>', 'your API token, made on your account page (default: GAUNTLET_TOKEN)')
    .option('--challenge <slug>', 'which challenge, the last part of its address; needed when the site has several')
    .option('--name <name>', 'what the model is called on the board (default: its file name)')
    .option('--declare-tta <policy>', 'be ranked under this test-time augmentation policy, e.g. shift (default: the model itself)')
    .option('--wait', 'stay until the evaluation is finished, and show the score')
    .action(submit);
}
