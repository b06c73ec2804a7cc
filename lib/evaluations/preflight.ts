// Reads from the first outcomes on clean images why a model may be near chance, in words its author can act on.
import type { Part } from '../evaluation/cell.ts';

/** Below this accuracy (chance is 0.1) a trained classifier is being fed or read wrongly. */
const suspicious = 0.2;
/** Fewer images say nothing. */
const fewest = 100;

/** A note for the submission page, or null when the model does better than chance. `part` is of unperturbed images. */
export function preflightNote(part: Pick<Part, 'confusion' | 'predictions' | 'diagnostics'>): string | null {
  const { confusion, predictions, diagnostics } = part;
  const images = predictions.length;
  const right = confusion.reduce((sum, n, index) => sum + (index % 11 === 0 ? n : 0), 0);
  if (images < fewest || right / images >= suspicious) return null;
  const found = `Only ${right} of the first ${images} unperturbed images are classified right; guessing gets a tenth.`;
  return `${found} ${likelyCause(confusion, images, diagnostics.notFinite ?? 0)}`;
}

function likelyCause(confusion: readonly number[], images: number, notFinite: number): string {
  if (notFinite > images / 10) {
    return `${notFinite} outputs were not finite numbers: check the scaling of the input and the exported weights.`;
  }
  const rows = Array.from({ length: 10 }, (_, label) => confusion.slice(10 * label, 10 * label + 10));
  const favourite = rows.map((row) => row.indexOf(Math.max(...row)));
  const consistent = rows.reduce((sum, row) => sum + Math.max(...row), 0) / images;
  if (consistent > 0.6 && new Set(favourite).size >= 9) {
    return (
      `But the classes are told apart, each under another's number (0 as ${favourite[0]}, 1 as ${favourite[1]}, 2 as ${favourite[2]}): ` +
      'the order of the outputs is not FashionMNIST\'s, 0 = T-shirt/top to 9 = Ankle boot. Reorder the last layer.'
    );
  }
  const columns = Array.from({ length: 10 }, (_, label) => rows.reduce((sum, row) => sum + row[label], 0));
  const most = columns.indexOf(Math.max(...columns));
  if (columns[most] > 0.6 * images) {
    return (
      `${columns[most]} of them are called class ${most}, which mostly means another input scale than in training: Gauntlet feeds ` +
      'pixels in [0, 1]. If the model was trained on 0–255, or with a mean and a deviation, upload it again and say so in the form.'
    );
  }
  return (
    'Likely causes: pixels scaled or normalised otherwise than in training (Gauntlet feeds [0, 1]; the upload form takes 0–255, mean ' +
    'and deviation), the image transposed or flattened in another order, or the weights of an untrained network exported.'
  );
}
