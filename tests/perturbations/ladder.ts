// What every perturbation and severity leaves of the reference CNN's accuracy, beside the targets of spec 1.3.
import { readBaseline } from '../../lib/baselines/index.ts';
import type { Dataset } from '../../lib/datasets/load.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { evaluate } from '../../lib/evaluation/evaluate.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { kinds, type Kind } from '../../lib/perturbations/index.ts';
import { severities } from '../../lib/perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../../lib/random.ts';

/** Per cent right at severities 1 to 5, from a numpy prototype on the first 1,000 to 2,000 test images (spec 1.3 and 8). */
export const targets: Record<Kind, readonly number[]> = {
  rot90: [77, 62, 44, 29, 15], flip: [86, 79, 74, 66, 62], rotate: [89, 84, 61, 41, 26], translate: [87, 71, 48, 26, 16],
  scale: [85, 74, 58, 39, 26], shear: [90, 83, 65, 48, 34], crop: [84, 74, 57, 40, 25], perspective: [87, 80, 74, 58, 40],
  gaussian_blur: [90, 85, 80, 68, 51], motion_blur: [92, 89, 86, 80, 66], sharpness: [91, 88, 84, 78, 73],
  gaussian_noise: [92, 87, 79, 65, 44], shot_noise: [90, 87, 82, 73, 64], impulse: [91, 87, 75, 51, 32],
  brightness: [90, 80, 65, 54, 43], contrast: [91, 82, 74, 54, 26], erasing: [88, 86, 76, 65, 54], stripe: [91, 84, 63, 51, 34],
  fog: [90, 75, 62, 54, 40], spatter: [86, 84, 80, 72, 67], pixelate: [89, 85, 76, 59, 52], jpeg: [90, 87, 86, 85, 82],
  mixup: [91, 87, 79, 63, 53], collage: [83, 77, 63, 54, 44],
};

/** Per cent right of the reference CNN for each kind, by severity, on `images` test images. */
export async function measureLadder(dataset: Dataset, images: Protocol['images'], seed: string): Promise<Map<Kind, number[]>> {
  const trials = kinds.flatMap((perturbation) => severities.map((severity): Trial => ({ kind: 'perturbation', perturbation, severity })));
  const engine = await openEngine(await readUpload([{ name: 'reference-cnn.onnx', bytes: await readBaseline('reference-cnn.onnx') }]));
  const right = new Map<string, number>();
  const seen = new Map<string, number>();
  for await (const part of evaluate(engine, { name: 'ladder', images, trials }, { dataset, keys: keysFromSeed(seedHexOf(seed)) })) {
    const diagonal = part.confusion.filter((_, i) => i % 11 === 0).reduce((sum, n) => sum + n, 0);
    right.set(part.trialId, (right.get(part.trialId) ?? 0) + diagonal);
    seen.set(part.trialId, (seen.get(part.trialId) ?? 0) + part.end - part.start);
  }
  await engine.close();
  const percent = (trial: Trial) => (100 * right.get(trialId(trial))!) / seen.get(trialId(trial))!;
  return new Map(
    kinds.map((perturbation) => [perturbation, severities.map((severity) => percent({ kind: 'perturbation', perturbation, severity }))]),
  );
}
