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

const seed = 'attack-table';
/** Where the cascade runs too, which costs little: elsewhere its three attacks, one by one, tell the same. */
const cascadeAt = { model: 'standard', epsilon: 0.1 };
/** Images at most. */
const most = 1000;

/** The reference's attacks, the costliest last. */
function protocolOf({ model, rows }: Figures): Protocol {
  const distinct = new Map<string, object>();
  const add = (trial: { kind: string; attack?: string }, total: number) => {
    distinct.set(JSON.stringify(trial), { ...trial, images: { split: 'test', first: Math.min(total, most) } });
  };
  const isCostly = ({ trial }: Row) => trial.kind === 'attack' && trial.attack === 'square' && trial.queries > 1000;
  for (const row of [...rows.filter((each) => !isCostly(each)), ...rows.filter(isCostly)]) {
    add(row.trial, row.total);
    const cascade = { kind: 'attack', attack: 'ensemble', norm: 'linf', epsilon: cascadeAt.epsilon, queries: 5000 };
    if (isCostly(row) && model === cascadeAt.model) add(cascade, row.total);
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
  const rows: Row[] = [];
  for (const { images, ...trial } of protocol.trials) {
    const total = (images as { first: number }).first;
    const before = done.find((row) => row.total >= total && isDeepStrictEqual(row.trial, trial));
    if (before) {
      rows.push(before);
      continue;
    }
    const parts: Part[] = [];
    for await (const part of evaluateTrial(engine, { ...trial, images }, { start: 0, end: total }, context)) parts.push(part);
    const cell = assemble(parts, total)!;
    const correctBits = Buffer.from(cell.correctBits).toString('base64');
    rows.push({ by: 'Gauntlet', trial, total, correct: cell.correct, correctBits, seconds: Math.round(cell.seconds * 10) / 10 });
    const later = done.filter((old) => !rows.some((row) => isDeepStrictEqual(row.trial, old.trial)));
    writeOurs({ model: name, versions: { engine: engine.info.engine, seed }, rows: [...rows, ...later] });
    console.log(name, 'attack' in trial ? `${trial.attack} ${trial.epsilon.toFixed(4)}` : trial.kind, cell.correct / total, `${cell.seconds.toFixed(0)} s`);
  }
  await engine.close();
}

for (const name of process.argv.slice(2)) {
  if (!Object.hasOwn(models, name)) throw new Error(`There is no model ${name}: there are ${Object.keys(models).join(', ')}.`);
  await run(name as ModelName);
}
