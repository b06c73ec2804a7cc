// A student's model made of real ones: for every image it answers as one of three baselines does. Pure.
import type { Cell } from '../../../lib/evaluation/cell.ts';
import { familyOf } from '../../../lib/evaluation/families.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import { trialId } from '../../../lib/evaluation/trial-id.ts';
import type { Trial } from '../../../lib/evaluation/trial.ts';
import { Stream, words, type Key } from '../../../lib/random.ts';
import type { Outcome, RealModel } from './outcomes.ts';

/** `skill` in [0, 1] is the share of images answered as the best of the three does. */
export type Recipe = {
  best: RealModel; first: RealModel; second: RealModel; skill: number; key: Key;
  /** Answers attacks of many steps as this one does, whatever the others say: what masked gradients look like. */
  masked?: RealModel;
};

const images = 10_000;

/** What a model is good at differs: each group of trials has its own skill. Attacks are one group, so that ladders stay ladders. */
function groupOf(trial: Trial): string {
  return trial.kind === 'perturbation' ? (familyOf(trial.perturbation) ?? trial.perturbation) : trial.kind === 'attack' ? 'attack' : 'plain';
}

function seededBy(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
}

/** The cells of the recipe's model, by trial id. Image i is the same base image in every trial, and meets the same coin. */
export function mixedCells(protocol: ProtocolName, recipe: Recipe, labelsOf: (trial: Trial) => Uint8Array): Map<string, Cell> {
  const coins = new Uint32Array(images);
  words(recipe.key, { image: 0 }, coins);
  const cells = new Map<string, Cell>();
  for (const trial of protocols[protocol].trials) {
    const id = trialId(trial);
    const skill = skillIn(recipe, groupOf(trial));
    const half = skill + (1 - skill) / 2;
    const masked = recipe.masked && trial.kind === 'attack' && 'steps' in trial && trial.attack !== 'transfer' ? recipe.masked : undefined;
    const [best, first, second] = [recipe.best, recipe.first, recipe.second].map((model) => (masked ?? model).outcomes.get(id));
    if (best && first && second) cells.set(id, mixed(id, trial, [best, first, second], [skill * 2 ** 32, half * 2 ** 32], coins, labelsOf(trial)));
  }
  return cells;
}

function skillIn({ skill, key }: Recipe, group: string): number {
  const shift = new Stream(key, { image: seededBy(group), slot: 1 }).uniform() - 0.5;
  return Math.max(0, Math.min(1, skill + 0.3 * shift));
}

function mixed(id: string, trial: Trial, of: readonly Outcome[], bounds: readonly number[], coins: Uint32Array, labels: Uint8Array): Cell {
  const { total } = of[0];
  const predictions = new Uint8Array(total);
  const correctBits = new Uint8Array(Math.ceil(total / 8));
  const confusion = new Array<number>(100).fill(0);
  let correct = 0;
  for (let i = 0; i < total; i++) {
    const from = of[coins[i] < bounds[0] ? 0 : coins[i] < bounds[1] ? 1 : 2];
    const label = from.predictions[i];
    // The bit and not the label: an attack may have found a wrong answer before its last one.
    const right = (from.correctBits[i >> 3] >> (i & 7)) & 1;
    predictions[i] = label;
    correctBits[i >> 3] |= right << (i & 7);
    correct += right;
    confusion[labels[i] * 10 + label]++;
  }
  const { seconds, engine, device, diagnostics } = of[0];
  return { trialId: id, predictions, correctBits, confusion, correct, total, seconds, engine, device, diagnostics: drawn(diagnostics, correct, trial) };
}

/** The first set of draws is what the bits say; the others keep their distance from it. */
function drawn(diagnostics: Cell['diagnostics'], correct: number, trial: Trial): Cell['diagnostics'] {
  const { correctByDraw } = diagnostics;
  if (!correctByDraw || trial.kind === 'attack') return diagnostics;
  return { ...diagnostics, correctByDraw: correctByDraw.map((each) => each - correctByDraw[0] + correct) };
}
