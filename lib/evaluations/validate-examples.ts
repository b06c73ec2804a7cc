// Whether the adversarial examples of a part can be what the trial's attack made: they come from the same stranger's process.
import type { Part } from '../evaluation/cell.ts';
import { changesOf, type Example, examplesKept, openImages } from '../evaluation/examples.ts';
import type { Trial } from '../evaluation/trial.ts';

const pixels = 784;
/** What the harness itself allows beyond the budget (lib/evaluation/robustness.ts). */
const tolerance = 1e-6;

/** What is wrong with the examples of a part, as a sentence; null when nothing is. */
export function examplesProblem({ start, end, predictions, examples }: Part, trial: Trial): string | null {
  if (!examples || examples.length === 0) return null;
  if (trial.kind !== 'attack') return 'It has adversarial examples, and its trial is no attack.';
  if (start !== 0) return `It has adversarial examples, which belong to a trial's first part; it starts at image ${start}.`;
  if (examples.length > examplesKept) return `It has ${examples.length} adversarial examples; at most ${examplesKept} are kept.`;
  const last = Math.min(end, openImages) - 1;
  for (const [i, example] of examples.entries()) {
    const { position, prediction, delta } = example;
    if (!(Number.isInteger(position) && position >= 0 && position <= last)) return `It has an adversarial example of image ${position}.`;
    if (i > 0 && position <= examples[i - 1].position) return 'Its adversarial examples are not in the order of the images.';
    const judged = predictions[position];
    if (prediction !== judged) return `Its example of image ${position} is class ${prediction}, and its prediction ${judged}.`;
    if (delta.length !== pixels) return `Its example of image ${position} has ${delta.length} pixels; ${pixels} belong there.`;
    const beyond = budgetProblem(example, trial);
    if (beyond) return `Its example of image ${position} ${beyond}`;
  }
  return null;
}

function budgetProblem(example: Example, { norm, epsilon }: Trial & { kind: 'attack' }): string | null {
  const { peak, delta } = example;
  const largest = new Int8Array(delta).reduce((most, step) => Math.max(most, Math.abs(step)), 0);
  if (!(Number.isFinite(peak) && peak >= 0 && peak <= 1)) return `changes a pixel by ${peak}.`;
  if (largest !== (peak === 0 ? 0 : 127)) return `says that it changes pixels by ${peak} at most, and shows ${largest} of 127.`;
  if (norm === 'linf') return peak <= epsilon + tolerance ? null : `changes a pixel by ${peak}; epsilon is ${epsilon}.`;
  const length = Math.hypot(...changesOf(example));
  // Each of the changes is rounded to a step of peak / 127.
  const rounding = (Math.sqrt(pixels) * peak) / 127 / 2;
  return length <= epsilon + rounding + tolerance ? null : `has the length ${length.toFixed(4)}; epsilon is ${epsilon}.`;
}
