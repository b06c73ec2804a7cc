// The images of a cell on which two submissions part, made again. Before the seed is published students see of a fixed few only.
import { and, eq, inArray } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { cells, phases } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { openImages } from '../evaluation/examples.ts';
import { keysFor } from '../evaluation/shards.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { picturesOf } from '../pictures/pictures.ts';
import { dataUri, spriteOf, type Sprite } from '../pictures/png.ts';
import type { PhaseKind } from '../submissions/read.ts';
import type { Gathered } from './compare.ts';

/** One image: its place in the trial's order, and what each of the two said. */
export type Parted = {
  position: number;
  label: number;
  first: number;
  second: number;
  /** What a mixed image got. */
  mixed: { kind: string; severity: number } | null;
  /** Place in the sprite of the image as FashionMNIST has it; the one after it is the image as the models saw it. */
  place: number;
};

export type Disagreements = {
  trial: Trial;
  /** Images that were looked through: all both saw, or the fixed few. */
  looked: number;
  open: boolean;
  /** Of those looked through. */
  bothRight: number;
  bothWrong: number;
  onlyFirst: Parted[];
  onlySecond: Parted[];
  /** How many there are of each, on all pages. */
  counts: { onlyFirst: number; onlySecond: number };
  page: number;
  pages: number;
  sprite: Omit<Sprite, 'png'> & { url: string };
};

/** Of each of the two kinds on a page. */
const perPage = 24;

/** Trials whose images can be looked at: what the models saw and no attack made. */
export function picturable({ trials }: Pick<Protocol, 'trials'>): Trial[] {
  return trials.filter(({ kind, tta }) => !tta && (kind === 'clean' || kind === 'mixed' || kind === 'perturbation'));
}

/**
 * Where only the first of two gathered submissions is right and where only the second; who may see what, `gather` has decided.
 * Throws RequestError 404 for a trial that both did not measure or that has no pictures. Null while a cell has not landed.
 */
export async function disagreementsOf(
  { submissions, protocol, protocols, open }: Gathered, pair: readonly [number, number], cell: string, asked = 1,
): Promise<Disagreements | null> {
  const trial = picturable(protocol).find((one) => trialId(one) === cell);
  if (!trial) throw new RequestError(404, `There is no cell "${cell.slice(0, 100)}" that both have measured.`);
  const [first, second] = await answersOf(pair.map((i) => submissions[i].evaluation.id), cell);
  if (!first || !second) return null;
  const both = Math.min(first.total, second.total);
  const looked = open ? both : Math.min(openImages, both);

  const found = { onlyFirst: [] as number[], onlySecond: [] as number[] };
  let bothRight = 0;
  for (let i = 0; i < looked; i++) {
    const [a, b] = [rightAt(first, i), rightAt(second, i)];
    if (a && b) bothRight++;
    else if (a) found.onlyFirst.push(i);
    else if (b) found.onlySecond.push(i);
  }
  const most = Math.max(found.onlyFirst.length, found.onlySecond.length);
  const pages = Math.max(1, Math.ceil(most / perPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(asked) || 1));
  const onPage = (positions: readonly number[]) => positions.slice((page - 1) * perPage, page * perPage);
  const shown = [...onPage(found.onlyFirst), ...onPage(found.onlySecond)];

  const seed = await seedOf(submissions[0].challenge.id, submissions[0].evaluation.phase);
  const [pictures] = await picturesOf([{ protocol: protocols[0], trial, keys: keysFor(protocols[0], trial, seed), positions: shown }]);
  const sprite = spriteOf(shown.flatMap((_, i) => [pictureAt(pictures.original, i), pictureAt(pictures.seen, i)]), 12);
  const parted = (position: number): Parted => {
    const at = shown.indexOf(position);
    const label = pictures.labels[position];
    return { position, label, first: first.predictions[position], second: second.predictions[position], mixed: pictures.mixed?.[at] ?? null, place: 2 * at };
  };
  return {
    trial, looked, open, bothRight,
    bothWrong: looked - bothRight - found.onlyFirst.length - found.onlySecond.length,
    onlyFirst: onPage(found.onlyFirst).map(parted),
    onlySecond: onPage(found.onlySecond).map(parted),
    counts: { onlyFirst: found.onlyFirst.length, onlySecond: found.onlySecond.length },
    page, pages,
    sprite: { columns: sprite.columns, rows: sprite.rows, url: dataUri(sprite.png) },
  };
}

const pixels = 784;
const pictureAt = (all: Uint8Array, i: number) => all.subarray(i * pixels, (i + 1) * pixels);

type Answers = { correctBits: Uint8Array; predictions: Uint8Array; total: number };
const rightAt = ({ correctBits }: Answers, i: number) => Boolean((correctBits[i >> 3] >> (i & 7)) & 1);

/** In the order of the evaluations; undefined for what has not landed. */
async function answersOf(evaluationIds: readonly string[], cell: string): Promise<(Answers | undefined)[]> {
  const { evaluationId, correctBits, predictions, total } = cells;
  const rows = await database()
    .select({ evaluationId, correctBits, predictions, total })
    .from(cells)
    .where(and(inArray(evaluationId, [...evaluationIds]), eq(cells.trialId, cell)));
  return evaluationIds.map((id) => rows.find((row) => row.evaluationId === id));
}

async function seedOf(challengeId: string, kind: PhaseKind): Promise<string> {
  const [phase] = await database().select({ seed: phases.seed }).from(phases).where(and(eq(phases.challengeId, challengeId), eq(phases.kind, kind)));
  return Buffer.from(phase.seed).toString('hex');
}
