// The figures of the attack table as they are committed: one file a model and side, one line a figure. Only reads and writes them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Trial } from '../../../lib/evaluation/trial.ts';

/** `trial` has the protocol's own names on both sides. */
export type Row = { by: string; trial: Trial; total: number; correct: number; correctBits: string; seconds: number };
export type Figures = { model: string; versions: Record<string, string>; rows: Row[] };

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

function readFigures(side: 'ours' | 'theirs', name: ModelName): Figures | undefined {
  const path = pathOf(`${side}/${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Figures) : undefined;
}

/** What torchattacks, AutoAttack and the plain loops found; undefined for a model they have not met. */
export const theirs = (name: ModelName): Figures | undefined => readFigures('theirs', name);
/** What Gauntlet found. */
export const ours = (name: ModelName): Figures | undefined => readFigures('ours', name);

export function writeOurs({ rows, ...head }: Figures): void {
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  writeFileSync(pathOf(`ours/${head.model}.json`), `${JSON.stringify(head).slice(0, -1)},"rows":[\n${lines}\n]}\n`);
}

/** The bits of a row, one per image. */
export function bitsOf({ correctBits, total }: Pick<Row, 'correctBits' | 'total'>): boolean[] {
  const bytes = Buffer.from(correctBits, 'base64');
  return Array.from({ length: total }, (_, i) => ((bytes[i >> 3] >> (i & 7)) & 1) === 1);
}
