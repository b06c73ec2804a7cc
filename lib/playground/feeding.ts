// How a model wants its images: the same labelled images under one scaling of pixels after another, and transposed where none does.
import { classNames } from '../datasets/pool.ts';
import type { Engine } from '../engines/engine.ts';
import type { SubmissionProblem } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { UploadedFile } from '../formats/archive.ts';
import type { UploadOptions } from '../formats/canonical.ts';
import type { PixelScaling } from '../onnx/graph.ts';
import { tensor } from '../tensor.ts';
import { samples, type TrainingImage } from './images.ts';

/** What a model makes of the images under one scaling. */
export type Fed = {
  scaling: PixelScaling;
  transposed: boolean;
  /** Class predicted for each image, and its probability. */
  predictions: Uint8Array;
  sureness: Float32Array;
  right: number;
  /** Images with an output that is no finite number. */
  notFinite: number;
};

export type Looked = {
  report: Report;
  /** Of the classes, in the order of the labels. */
  names: readonly string[];
  labels: Uint8Array;
  /** [N][784] gray levels 0..255. */
  images: Uint8Array[];
  /** One for each scaling asked for, in that order; transposed ones after them. */
  fed: Fed[];
  /** The outputs are probabilities even without the last softmax. */
  softmaxTwice: boolean;
};

export type LookRequest = { files: readonly UploadedFile[]; options: UploadOptions; scalings: readonly PixelScaling[] };
export type FeedingRequest = { id: number } & ({ look: LookRequest } | { feed: PixelScaling });
export type FeedingReply = { id: number } & ({ looked: Looked } | { fed: Fed } | { problem: SubmissionProblem } | { error: string });

const pixels = 784;
const classes = 10;
/** A few seconds of WebAssembly. */
const mostFlops = 3e10;
/** Below this share of right answers a trained model is fed wrongly, or read wrongly. */
const suspicious = 0.25;

/** As many images of every class as are looked at soon, 2 to 10. */
export function sampleImages({ flopsPerImage }: Pick<Report, 'flopsPerImage'>, scalings: number): TrainingImage[] {
  const each = Math.floor(mostFlops / (classes * scalings * Math.max(1, flopsPerImage)));
  return samples(Math.min(10, Math.max(2, each)));
}

/** Looks at a model whose own scaling is that of pixels in [0, 1]: what another would feed it is fed from outside. */
export async function look(engine: Engine, report: Report, scalings: readonly PixelScaling[]): Promise<Looked> {
  const images = sampleImages(report, scalings.length);
  const fed: Fed[] = [];
  for (const scaling of scalings) fed.push(await feed(engine, images, scaling));
  if (fed.every(({ right }) => right < suspicious * images.length)) {
    for (const scaling of scalings) fed.push(await feed(engine, images, scaling, true));
  }
  return {
    report, fed, names: classNames,
    labels: Uint8Array.from(images, ({ label }) => label),
    images: images.map(({ levels }) => Uint8Array.from(levels)),
    softmaxTwice: report.output === 'probabilities' && (await areProbabilities(engine, images)),
  };
}

export async function feed(engine: Engine, images: readonly TrainingImage[], scaling: PixelScaling, transposed = false): Promise<Fed> {
  const logits = await logitsOf(engine, images, scaling, transposed);
  const predictions = new Uint8Array(images.length);
  const sureness = new Float32Array(images.length);
  let [right, notFinite] = [0, 0];
  images.forEach(({ label }, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    if (!row.every(Number.isFinite)) notFinite++;
    const top = Math.max(...row);
    predictions[i] = Math.max(0, row.indexOf(top));
    sureness[i] = 1 / row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    if (predictions[i] === label) right++;
  });
  return { scaling, transposed, predictions, sureness, right, notFinite };
}

async function logitsOf(engine: Engine, images: readonly TrainingImage[], scaling: PixelScaling, transposed: boolean): Promise<Float32Array> {
  const x = new Float32Array(images.length * pixels);
  images.forEach(({ levels }, i) => {
    for (let at = 0; at < pixels; at++) {
      const from = transposed ? (at % 28) * 28 + Math.floor(at / 28) : at;
      x[i * pixels + at] = ((levels[from] / 255) * scaling.scale - scaling.mean) / scaling.deviation;
    }
  });
  const image = Uint32Array.from(images, ({ index }) => index);
  const { data } = await engine.logits({ x: tensor(x, [images.length, pixels]), image, draw: { role: 'evaluate', restart: 0, step: 0 } });
  return data;
}

/** With the last softmax taken off, what remains of a model that has only one is no distribution. */
async function areProbabilities(engine: Engine, images: readonly TrainingImage[]): Promise<boolean> {
  const few = images.slice(0, 5);
  const logits = await logitsOf(engine, few, { scale: 1, mean: 0, deviation: 1 }, false);
  return few.every((_, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const sum = row.reduce((total, value) => total + value, 0);
    return row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3;
  });
}
