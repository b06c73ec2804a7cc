// Perturbs one image of one trial: the link between the table and the random streams of spec 7.2. Knows no model.
import { pixels } from '../images/warp.ts';
import { type KeySource, Stream, words } from '../random.ts';
import { coreKinds, type Kind, perturbationOf, perturbations } from './index.ts';
import type { DrawPurpose, Draws } from './perturbation.ts';

export const severities = [1, 2, 3, 4, 5] as const;

/** Images that overlays may take their partner from; `offset` is the pool index of the first. */
export type PartnerPool = { offset: number; count: number; images: Uint8Array };

const pixelWords = new Uint32Array(1024);

/** Slots of an image's streams (spec 7.2): what the perturbation draws, and what the mixed set draws to choose one. */
const perturbationSlot = 0;
const choiceSlot = 1;

function drawsOf(image: number, trialId: string, keys: KeySource, pool: PartnerPool | undefined): Draws {
  const address = { image, slot: perturbationSlot };
  return {
    parameters: () => new Stream(keys('parameters', trialId, 'evaluate'), address),
    pixels(count) {
      const out = pixelWords.subarray(0, count);
      words(keys('pixels', trialId, 'evaluate'), address, out);
      return out;
    },
    partner() {
      if (!pool) throw new Error(`The trial ${trialId} overlays images: it needs a pool to draw partners from.`);
      const stream = new Stream(keys('partner', trialId, 'evaluate'), address);
      const own = image - pool.offset;
      // Uniform over the pool without the image itself: those behind it move up by one.
      const inPool = own >= 0 && own < pool.count;
      const drawn = stream.integer(inPool ? pool.count - 1 : pool.count);
      const index = inPool && drawn >= own ? drawn + 1 : drawn;
      return pool.images.subarray(index * pixels, (index + 1) * pixels);
    },
  };
}

/**
 * Writes the perturbed levels of `source` [784] to `out` [784], another array. `image` is the index in the whole pool
 * (train 0..59,999, test 60,000..69,999), `trialId` names the streams, `pool` is needed by overlays only. Throws
 * RangeError on an unknown kind or severity.
 */
export function perturbImage(
  kind: string, severity: number, source: Uint8Array, image: number, trialId: string, keys: KeySource, out: Uint8Array, pool?: PartnerPool,
): void {
  const perturbation = perturbationOf(kind);
  if (!(severities as readonly number[]).includes(severity)) throw new RangeError(`Severities are 1 to 5; got ${severity}.`);
  perturbation.apply(source, severity, drawsOf(image, trialId, keys, pool), out);
}

/**
 * What a mixed image gets: integer(18) of the core kinds, then 1 + integer(5), from slot 1 of purpose `parameters`. Other
 * lists to choose from make other mixed sets, by the same two draws.
 */
export function mixedChoice(
  image: number, trialId: string, keys: KeySource, from: { kinds: readonly Kind[]; severities: readonly number[] } = { kinds: coreKinds, severities },
): { kind: Kind; severity: number } {
  const stream = new Stream(keys('parameters', trialId, 'evaluate'), { image, slot: choiceSlot });
  return { kind: from.kinds[stream.integer(from.kinds.length)], severity: from.severities[stream.integer(from.severities.length)] };
}

/** One image of the mixed set of spec 1.3: its own kind and severity, its own draws. */
export function perturbMixed(source: Uint8Array, image: number, trialId: string, keys: KeySource, out: Uint8Array): void {
  const { kind, severity } = mixedChoice(image, trialId, keys);
  perturbImage(kind, severity, source, image, trialId, keys, out);
}

/** Purposes of the streams that a perturbation draws from, or the mixed set for the name `mixed`. */
export function keysOf(name: string): readonly DrawPurpose[] {
  if (name !== 'mixed') return perturbationOf(name).draws;
  return [...new Set<DrawPurpose>(['parameters', ...coreKinds.flatMap((kind) => perturbations[kind].draws)])];
}
