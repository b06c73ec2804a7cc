// Runs Gauntlet's side of the attack table: `npx tsx tests/reference/attack_table/run_ours.ts MODEL...`, after theirs/MODEL.json is there.
// What ours/MODEL.json already holds is not run again; every figure is saved as it comes.
import { isDeepStrictEqual } from 'node:util';
import { findFashionMnist } from '../../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../../lib/datasets/load.ts';
import { assemble, type Part } from '../../../lib/evaluation/cell.ts';
import { evaluateTrial } from '../../../lib/evaluation/evaluate.ts';
import { openModel } from '../../../lib/evaluation/open.ts';
import { parseProtocol } from '../../../lib/evaluation/protocols.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import { readUpload } from '../../../lib/formats/read.ts';
import { keysFromSeed, seedHexOf } from '../../../lib/random.ts';
import { type Figures, modelBytes, type ModelName, models, ours, type Row, theirs, writeOurs } from './rows.ts';

export const seed = 'attack-table';

/** The reference's attacks under Gauntlet's names, and the cascade where AutoAttack ran its own attacks one by one. */
function protocolOf({ rows }: Figures): Protocol {
  const distinct = new Map<string, unknown>();
  const add = (trial: object, total: number) => {
    const full = { ...trial, images: { split: 'test', first: total } };
    distinct.set(JSON.stringify(full), full);
  };
  for (const { trial, total } of rows) {
    if (trial.kind !== 'attack' || trial.attack !== 'fab-t') add(trial, total);
    if (trial.kind === 'attack' && trial.attack === 'square' && trial.queries === 5000) {
      add({ kind: 'attack', attack: 'ensemble', norm: 'linf', epsilon: trial.epsilon, queries: 5000 }, total);
    }
  }
  return parseProtocol({ name: 'attack-table', trials: [...distinct.values()] });
}

async function run(name: ModelName): Promise<void> {
  const reference = theirs(name);
  if (!reference) throw new Error(`There is no theirs/${name}.json: run run_reference.py first.`);
  const dataset = await loadFashionMnist(await findFashionMnist());
  const engine = await openModel(await readUpload([{ name: `${name}.onnx`, bytes: modelBytes(name) }]), dataset);
  const protocol = protocolOf(reference);
  const context = { dataset, protocol, keys: keysFromSeed(seedHexOf(seed)) };
  const done = ours(name)?.rows ?? [];
  const rows = protocol.trials.flatMap((trial) => done.filter((row) => isDeepStrictEqual(row.trial, trial)));
  for (const trial of protocol.trials) {
    if (rows.some((row) => isDeepStrictEqual(row.trial, trial))) continue;
    const total = (trial.images as { first: number }).first;
    const parts: Part[] = [];
    for await (const part of evaluateTrial(engine, trial, { start: 0, end: total }, context)) parts.push(part);
    const cell = assemble(parts, total)!;
    const correctBits = Buffer.from(cell.correctBits).toString('base64');
    const row = { by: 'Gauntlet', trial, total, correct: cell.correct, correctBits, seconds: Math.round(cell.seconds * 10) / 10 } satisfies Row<unknown>;
    rows.push(row);
    writeOurs({ model: name, versions: { engine: engine.info.engine, seed }, rows });
    console.log(name, 'attack' in trial ? `${trial.attack} ${trial.epsilon.toFixed(4)}` : trial.kind, cell.correct / total, `${cell.seconds.toFixed(0)} s`);
  }
  await engine.close();
}

for (const name of process.argv.slice(2)) {
  if (!Object.hasOwn(models, name)) throw new Error(`There is no model ${name}: there are ${Object.keys(models).join(', ')}.`);
  await run(name as ModelName);
}
