// `gauntlet evaluate`: the site's measurement on this machine, without site or database.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { findFashionMnist } from '../datasets/find.ts';
import { messageOf, RequestError } from '../errors.ts';
import { assemble, type Cell, type Part } from '../evaluation/cell.ts';
import { parseProtocol, protocols } from '../evaluation/protocols.ts';
import { reportOf, type Report } from '../evaluation/report.ts';
import { score, type Score } from '../evaluation/score.ts';
import { type Cost, secondsPerImage, shardsOf } from '../evaluation/shards.ts';
import { wilson } from '../evaluation/statistics.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { choiceOf, imageCount, policiesOf, trialId } from '../evaluation/trial-id.ts';
import { limits } from '../limits.ts';
import { encodeModel } from '../onnx/codec.ts';
import { seedHexOf } from '../random.ts';
import { deviceNames, engineNames, type DeviceName, type EngineName } from '../runtimes.ts';
import { readModel, takingModel, type ScalingOptions } from './model.ts';
import { checkWritable, writeJson } from './output.ts';
import { runShards } from './processes.ts';
import { showProgress } from './progress.ts';
import { scoreTable, trialTable } from './table.ts';

export type Runtime = { engine: EngineName; device: DeviceName; processes: number };
type Options = ScalingOptions & Runtime & { protocol: string; seed?: string; json?: string; declareTta?: string };

/** Short enough that the processes end at about the same time; longer ones attack more images at once, in fuller batches. */
export function secondsPerShard(protocol: Protocol, report: Cost, processes: number): number {
  const seconds = shardsOf(protocol, report, 1).reduce((sum, shard) => sum + shard.estimatedSeconds, 0);
  return Math.min(limits.shardSeconds, Math.max(1, seconds / (20 * processes)));
}

export function processesOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 256) throw new InvalidArgumentError('It must be a whole number from 1 to 256.');
  return count;
}

/** A built-in protocol by its name, or one from a JSON file. Throws RequestError that says what is wrong with it. */
export async function readProtocol(nameOrFile: string): Promise<Protocol> {
  if (Object.hasOwn(protocols, nameOrFile)) return protocols[nameOrFile as keyof typeof protocols];
  const text = await readFile(nameOrFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new RequestError(404, `${nameOrFile} is no protocol: the built-in ones are ${Object.keys(protocols).join(', ')}, and as a file: ${why}.`);
  });
  try {
    return parseProtocol(JSON.parse(text));
  } catch (error) {
    throw new RequestError(400, `${nameOrFile}: ${messageOf(error)}`, { cause: error });
  }
}

/** About how long, in words. */
export function duration(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds / 5) * 5} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** Runs the protocol; the cells that were measured, by trial id. */
async function measure(model: Uint8Array, report: Report, protocol: Protocol, seed: string, runtime: Runtime): Promise<Map<string, Cell>> {
  const { processes, engine, device } = runtime;
  const dataDirectory = await findFashionMnist({ log: console.error });
  const shards = shardsOf(protocol, report, secondsPerShard(protocol, report, processes));
  const estimated = shards.reduce((sum, shard) => sum + shard.estimatedSeconds, 0);
  const trials = new Map(protocol.trials.map((trial) => [trialId(trial), trial]));
  console.error(`${protocol.name}, ${trials.size} trials, seed "${seed}", ${processes} processes: about ${duration(estimated / processes)}.`);

  const parts = new Map<string, Part[]>();
  const cells = new Map<string, Cell>();
  const progress = showProgress(estimated);
  try {
    await runShards({ model, dataDirectory, protocol, seedHex: seedHexOf(seed), engine, device }, shards, processes, (part) => {
      const trial = trials.get(part.trialId)!;
      const of = [...(parts.get(part.trialId) ?? []), part];
      parts.set(part.trialId, of);
      progress.worked((part.end - part.start) * secondsPerImage(trial, report));
      const cell = assemble(of, imageCount(protocol, trial));
      if (!cell) return;
      cells.set(part.trialId, cell);
      progress.finished(cell);
    });
  } finally {
    progress.stop();
  }
  return cells;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** One entry per trial in the protocol's order: its parameters, then what was measured. */
function resultsOf(protocol: Protocol, cells: ReadonlyMap<string, Cell>, found: Score): object[] {
  return protocol.trials.map((trial) => {
    const parameters = { ...trial, images: choiceOf(protocol, trial) };
    const cell = cells.get(trialId(trial));
    if (!cell) return { ...parameters, notMeasured: found.notAttacked };
    const { total, correct, seconds, engine, device, diagnostics } = cell;
    const { value: accuracy, low, high } = wilson(correct, total);
    return {
      ...parameters, total, correct, accuracy, interval: [low, high], seconds, engine, device, diagnostics,
      correctBits: base64(cell.correctBits), predictions: base64(cell.predictions),
    };
  });
}

/** Throws RequestError for a policy that the protocol does not measure. */
function checkPolicy(protocol: Protocol, declared: string | undefined): void {
  const measured = policiesOf(protocol);
  if (declared === undefined || measured.includes(declared)) return;
  const there = measured.length > 0 ? `it measures ${measured.join(', ')}` : 'it measures none';
  throw new RequestError(400, `--declare-tta ${declared}: ${protocol.name} does not measure this policy; ${there}.`);
}

async function evaluate(paths: string[], options: Options): Promise<void> {
  if (options.json) await checkWritable(options.json);
  const protocol = await readProtocol(options.protocol);
  checkPolicy(protocol, options.declareTta);
  const model = await readModel(paths, options);
  const report = reportOf(model);
  for (const note of report.notes) console.error(note);
  const seed = options.seed ?? protocol.seed ?? 'gauntlet';
  const cells = await measure(encodeModel(model), report, protocol, seed, options);

  const found = score(protocol, cells, { report, declaredTta: options.declareTta });
  console.log(trialTable(protocol, cells));
  console.log(scoreTable(found));
  if (options.json) await writeJson(options.json, { protocol: protocol.name, seed, report, trials: resultsOf(protocol, cells, found), score: found });
}

export function evaluateCommand(): Command {
  return takingModel(new Command('evaluate'))
    .description('measure a model as the leaderboard does, on this machine')
    .option('--protocol <file|name>', `what to measure: ${Object.keys(protocols).join(', ')} or a JSON file`, 'gauntlet-v1')
    .option('--seed <text>', 'any text; the same seed gives the same images (default: the protocol\'s own, or "gauntlet")')
    .option('--declare-tta <policy>', 'show the columns as for a submission that declares this test-time augmentation policy, e.g. shift')
    .option('--json <file>', 'write every trial with its parameters, counts, predictions and one bit per image')
    .addOption(new Option('--engine <engine>', 'what runs the model').choices(engineNames).default('onnxruntime'))
    .addOption(new Option('--device <device>', 'where; the processor if it is not there').choices(deviceNames).default('cpu'))
    .option('--processes <n>', 'processes to run side by side', processesOf, availableParallelism())
    .addHelpText('after', `
On two cores a small CNN takes about a minute for quick and a few minutes for gauntlet-v1; the time grows with the model.
The leaderboard's own images come from a secret seed, so its figures differ a little from these.`)
    .action(evaluate);
}
