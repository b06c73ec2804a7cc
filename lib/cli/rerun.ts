// Runs trials of a receipt again, whole or in samples, on the images that its seed makes.
import { randomInt } from 'node:crypto';
import { findFashionMnist } from '../datasets/find.ts';
import { RequestError } from '../errors.ts';
import type { Part } from '../evaluation/cell.ts';
import { partSize } from '../evaluation/parts.ts';
import type { Report } from '../evaluation/report.ts';
import { secondsPerImage, shardsOf, type Shard } from '../evaluation/shards.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { imageCount, trialId } from '../evaluation/trial-id.ts';
import { duration, secondsPerShard, type Runtime } from './evaluate.ts';
import { runShards } from './processes.ts';
import { showProgress } from './progress.ts';

export type Selection = {
  /** Trial ids, or what stands before a `/`, `+` or `@` in them; all trials when it is not given. */
  trials?: readonly string[];
  /** At least so many images of each trial, in parts chosen by chance; all when it is not given. */
  sample?: number;
};

/** The trials selected, by id, of those that `measured` has. Throws RequestError on a word that names none. */
export function selected(protocol: Protocol, measured: { has(id: string): boolean }, words?: readonly string[]): Map<string, Trial> {
  const all = protocol.trials.map((trial) => [trialId(trial), trial] as const).filter(([id]) => measured.has(id));
  const names = (word: string, id: string) => id === word || (id.startsWith(word) && '/+@'.includes(id[word.length]));
  for (const word of words ?? []) {
    if (all.some(([id]) => names(word, id))) continue;
    throw new RequestError(400, `The receipt has no trial "${word}". It has:\n${all.map(([id]) => `  ${id}`).join('\n')}`);
  }
  return new Map(words ? all.filter(([id]) => words.some((word) => names(word, id))) : all);
}

/** Parts of a trial in an order of chance, as many as have `sample` images. Chance, so that nobody knows beforehand what is looked at. */
function sampleOf(protocol: Protocol, id: string, trial: Trial, sample: number, report: Report): Shard[] {
  const [total, size] = [imageCount(protocol, trial), partSize(trial)];
  const starts = Array.from({ length: Math.ceil(total / size) }, (_, i) => i * size);
  const chosen: Shard[] = [];
  for (let images = 0; images < Math.min(sample, total); ) {
    const [start] = starts.splice(randomInt(starts.length), 1);
    const end = Math.min(start + size, total);
    images += end - start;
    chosen.push({ trialId: id, start, end, headline: false, estimatedSeconds: (end - start) * secondsPerImage(trial, report) });
  }
  return chosen;
}

/** Measures `trials` again; their parts by trial id. */
export async function rerun(
  subject: { model: Uint8Array; report: Report; protocol: Protocol; seedHex: string },
  trials: ReadonlyMap<string, Trial>, sample: number | undefined, runtime: Runtime,
): Promise<Map<string, Part[]>> {
  const { model, report, protocol, seedHex } = subject;
  const { processes, ...engine } = runtime;
  const dataDirectory = await findFashionMnist({ log: console.error });
  const shards = sample === undefined
    ? shardsOf(protocol, report, secondsPerShard(protocol, report, processes)).filter((shard) => trials.has(shard.trialId))
    : [...trials].flatMap(([id, trial]) => sampleOf(protocol, id, trial, sample, report));
  const estimated = shards.reduce((sum, shard) => sum + shard.estimatedSeconds, 0);
  console.error(`Running ${trials.size} trials again: about ${duration(estimated / processes)}.`);
  const parts = new Map<string, Part[]>([...trials.keys()].map((id) => [id, []]));
  const progress = showProgress(estimated);
  try {
    await runShards({ model, dataDirectory, protocol, seedHex, ...engine }, shards, processes, (part) => {
      parts.get(part.trialId)!.push(part);
      progress.worked((part.end - part.start) * secondsPerImage(trials.get(part.trialId)!, report));
    });
  } finally {
    progress.stop();
  }
  return parts;
}
