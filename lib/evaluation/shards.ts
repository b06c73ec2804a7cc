// Cuts a protocol into shards, the unit of queueing: whole parts of one trial, about a limited time each. Pure data.
import type { DerivedKey } from '../derived-keys.ts';
import { limits } from '../limits.ts';
import { keysOf } from '../perturbations/perturb.ts';
import { deriveKey, type Purpose, type Role } from '../random.ts';
import { subsetId } from './images.ts';
import { partSize, passesPerImage } from './parts.ts';
import { needsGradient, type Protocol, type Trial } from './trial.ts';
import { choiceOf, imageCount, imagesId, trialId } from './trial-id.ts';

/** Positions [start, end) of a trial's image list. */
export type Shard = { trialId: string; start: number; end: number; estimatedSeconds: number; headline: boolean };

/** What of a model's report decides the cost. */
export type Cost = { flopsPerImage: number; operatorsWithoutGradient: readonly unknown[] };

/** One core, as measured on a small CNN: what a row costs whatever the model, and how fast the rest goes. */
const secondsPerPass = 1e-5;
const flopsPerSecond = 8e10;
const secondsPerPerturbedImage = 2.2e-5;

/** The headline score: what every submission gets before any other work. */
export function isHeadline(trial: Trial): boolean {
  return (trial.kind === 'clean' || trial.kind === 'mixed') && !trial.tta && trial.scored !== false;
}

function rankOf(trial: Trial): number {
  if (isHeadline(trial)) return trial.kind === 'mixed' ? 0 : 1;
  if (trial.scored === false || trial.kind === 'probe') return 5;
  if (trial.tta) return 4;
  return trial.kind === 'attack' ? 3 : 2;
}

/** The trials of a protocol, most wanted first: mixed, clean, perturbations, attacks, TTA, then what is not scored; else in the protocol's order. */
export function mostWanted(protocol: Protocol): { trial: Trial; id: string; images: number }[] {
  return protocol.trials
    .map((trial) => ({ trial, id: trialId(trial), images: imageCount(protocol, trial) }))
    .sort((a, b) => rankOf(a.trial) - rankOf(b.trial));
}

/** Estimated seconds of one image of a trial on one core. */
export function secondsPerImage(trial: Trial, { flopsPerImage }: Pick<Cost, 'flopsPerImage'>): number {
  const perturbing = trial.kind === 'mixed' || trial.kind === 'perturbation' ? secondsPerPerturbedImage : 0;
  return perturbing + passesPerImage(trial) * (secondsPerPass + flopsPerImage / flopsPerSecond);
}

/**
 * Every shard of a protocol for one model, most wanted first; without the attacks when the model has no gradient. A shard
 * is as many whole parts as are estimated to fit `seconds`, and at least one.
 */
export function shardsOf(protocol: Protocol, report: Cost, seconds: number = limits.shardSeconds): Shard[] {
  const shards: Shard[] = [];
  for (const { trial, id, images } of mostWanted(protocol)) {
    if (needsGradient(trial) && report.operatorsWithoutGradient.length > 0) continue;
    const perImage = secondsPerImage(trial, report);
    const part = partSize(trial);
    const size = part * Math.max(1, Math.floor(seconds / (part * perImage)));
    for (let start = 0; start < images; start += size) {
      const end = Math.min(start + size, images);
      shards.push({ trialId: id, start, end, estimatedSeconds: (end - start) * perImage, headline: isHeadline(trial) });
    }
  }
  return shards;
}

/** The keys a trial draws from: all that a worker is given of the seed. */
export function keysNeeded(protocol: Pick<Protocol, 'images'>, trial: Trial): { purpose: Purpose; trialId: string; role: Role }[] {
  const choice = choiceOf(protocol, trial);
  const needed: { purpose: Purpose; trialId: string; role: Role }[] = [];
  if ('size' in choice) needed.push({ purpose: 'subset', trialId: subsetId(choice.split), role: 'evaluate' });
  const images = imagesId(trial);
  if (trial.kind === 'mixed' || trial.kind === 'perturbation') {
    const kind = trial.kind === 'mixed' ? 'mixed' : trial.perturbation;
    for (const purpose of keysOf(kind)) needed.push({ purpose, trialId: images, role: 'evaluate' });
  }
  if (trial.kind === 'attack') {
    const own = { trialId: images, role: 'attack' } as const;
    const auto = trial.attack.startsWith('apgd') || trial.attack === 'ensemble' || trial.attack === 'noise';
    if (auto || ('randomStart' in trial && trial.randomStart)) needed.push({ purpose: 'attack-start', ...own });
    if ('queries' in trial) needed.push({ purpose: 'square', ...own });
  }
  if (trial.tta && 'repetitions' in trial.tta) {
    needed.push({ purpose: 'tta', trialId: trialId(trial), role: 'evaluate' });
    if ('mode' in trial.tta && trial.tta.mode === 'eot') needed.push({ purpose: 'tta', trialId: trialId(trial), role: 'attack' });
  }
  return needed;
}

/** Those keys, derived from the seed (64 hex digits). */
export function keysFor(protocol: Pick<Protocol, 'images'>, trial: Trial, seedHex: string): DerivedKey[] {
  return keysNeeded(protocol, trial).map((one) => ({ ...one, key: deriveKey(seedHex, one.purpose, one.trialId, one.role) }));
}
