// The figures of the attack table as they are committed: one file a model and side, one line a figure. Only reads and writes them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AttackTrial, Trial } from '../../../lib/evaluation/trial.ts';

/** An attack under the protocol's own names; AutoAttack's FAB-T is none of Gauntlet's. */
export type ReferenceTrial = { kind: 'clean' } | AttackTrial | { kind: 'attack'; attack: 'fab-t'; norm: 'linf'; epsilon: number };
export type Row<T = ReferenceTrial> = { by: string; trial: T; total: number; correct: number; correctBits: string; seconds: number };
export type Figures<T = ReferenceTrial> = { model: string; versions: Record<string, string>; rows: Row<T>[] };

/** name -> folder, from this one: the models of the table in its order. */
export const models = {
  standard: '.', augmented: '.', adversarial: '.',
  linear: '../../../lib/baselines', mlp: '../../../lib/baselines', 'reference-cnn': '../../../lib/baselines',
  'reference-cnn-adversarial': '../../../lib/baselines', 'cnn-sum-augmentation': '../../../lib/baselines', 'cnn-augmented': '../../../lib/baselines',
};
export type ModelName = keyof typeof models;

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Bytes of a model's ONNX file. */
export function modelBytes(name: ModelName): Uint8Array {
  return new Uint8Array(readFileSync(pathOf(`${models[name]}/${name}.onnx`)));
}

function readFigures(side: 'ours' | 'theirs', name: ModelName): Figures<never> | undefined {
  const path = pathOf(`${side}/${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Figures<never>) : undefined;
}

/** What torchattacks, AutoAttack and the plain loops found; undefined for a model they have not met. */
export const theirs = (name: ModelName): Figures | undefined => readFigures('theirs', name);
/** What Gauntlet found. */
export const ours = (name: ModelName): Figures<Trial> | undefined => readFigures('ours', name);

export function writeOurs({ rows, ...head }: Figures<Trial>): void {
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  writeFileSync(pathOf(`ours/${head.model}.json`), `${JSON.stringify(head).slice(0, -1)},"rows":[\n${lines}\n]}\n`);
}

/** The bits of a row, one per image. */
export function bitsOf({ correctBits, total }: Pick<Row<unknown>, 'correctBits' | 'total'>): boolean[] {
  const bytes = Buffer.from(correctBits, 'base64');
  return Array.from({ length: total }, (_, i) => ((bytes[i >> 3] >> (i & 7)) & 1) === 1);
}
