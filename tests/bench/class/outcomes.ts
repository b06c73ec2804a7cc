// What real models do under a protocol: the committed baselines, each evaluated once for real and kept beside the installation's data.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { baselines, readBaseline } from '../../../lib/baselines/index.ts';
import { findFashionMnist } from '../../../lib/datasets/find.ts';
import { loadFashionMnist, poolOf } from '../../../lib/datasets/load.ts';
import { env } from '../../../lib/env.ts';
import type { Cell } from '../../../lib/evaluation/cell.ts';
import { imageOrder } from '../../../lib/evaluation/images.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import type { Report } from '../../../lib/evaluation/report.ts';
import { choiceLabel, choiceOf, trialId } from '../../../lib/evaluation/trial-id.ts';
import type { Trial } from '../../../lib/evaluation/trial.ts';
import { keysFromSeed, seedHexOf } from '../../../lib/random.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const seedText = 'simulated class';
/** The public phase of a simulated class draws from this seed, as the evaluations of the baselines did. */
export const seed = Buffer.from(seedHexOf(seedText), 'hex');

export type BaselineFile = (typeof baselines)[number]['file'];
/** Outcome of a trial as `gauntlet evaluate --json` wrote it; the labels follow from the seed. */
export type Outcome = Pick<Cell, 'predictions' | 'correctBits' | 'seconds' | 'engine' | 'device' | 'diagnostics' | 'total'>;
export type RealModel = { file: BaselineFile; name: string; report: Report; outcomes: ReadonlyMap<string, Outcome> };

/** The baselines' outcomes in the order of their table, which is from weak to strong. The first time this takes minutes under gauntlet-v1. */
export async function realModels(protocol: ProtocolName, files: readonly BaselineFile[], say: (line: string) => void): Promise<RealModel[]> {
  const found: RealModel[] = [];
  for (const { file, name } of baselines) if (files.includes(file)) found.push({ name, ...(await evaluated(protocol, file, say)) });
  return found;
}

type Written = {
  report: Report;
  trials: { total: number; seconds: number; engine: string; device: string; diagnostics: object; correctBits?: string; predictions?: string }[];
};

async function evaluated(protocol: ProtocolName, file: BaselineFile, say: (line: string) => void): Promise<Omit<RealModel, 'name'>> {
  const folder = join(env().GAUNTLET_HOME ?? join(root, '.gauntlet'), 'class');
  // What the outcomes hang on is in the name, so that a changed model or protocol is evaluated anew.
  const facts = createHash('sha256').update(await readBaseline(file)).update(JSON.stringify(protocols[protocol])).digest('hex').slice(0, 12);
  const kept = join(folder, `${protocol}-${file.replace('.onnx', '')}-${facts}.json`);
  const text = await readFile(kept, 'utf8').catch(async () => {
    say(`Evaluating ${file} under ${protocol} ...`);
    await mkdir(folder, { recursive: true });
    const command = ['lib/cli/gauntlet.mjs', 'evaluate', join('lib/baselines', file), '--protocol', protocol, '--seed', seedText];
    await promisify(execFile)(process.execPath, [...command, '--json', `${kept}.new`], { cwd: root, maxBuffer: 1e8 });
    await rename(`${kept}.new`, kept);
    return readFile(kept, 'utf8');
  });
  const { report, trials } = JSON.parse(text) as Written;
  const outcomes = protocols[protocol].trials.flatMap((trial, i): [string, Outcome][] => {
    const { correctBits, predictions, total, seconds, engine, device, diagnostics } = trials[i];
    if (!correctBits || !predictions) return [];
    const bytes = { correctBits: Buffer.from(correctBits, 'base64'), predictions: Buffer.from(predictions, 'base64') };
    return [[trialId(trial), { total, seconds, engine, device, diagnostics, ...bytes }]];
  });
  return { file, report, outcomes: new Map(outcomes) };
}

/** The true classes of a trial's images, in its order, under the class's seed. */
export async function labelling(protocol: ProtocolName): Promise<(trial: Trial) => Uint8Array> {
  const dataset = await loadFashionMnist(await findFashionMnist({}));
  const keys = keysFromSeed(seed.toString('hex'));
  const known = new Map<string, Uint8Array>();
  return (trial) => {
    const choice = choiceOf(protocols[protocol], trial);
    const label = choiceLabel(choice);
    let labels = known.get(label);
    if (!labels) {
      const pool = poolOf(dataset, choice.split);
      known.set(label, (labels = Uint8Array.from(imageOrder(pool, choice, keys), (image) => pool.labels[image])));
    }
    return labels;
  };
}
