// A small data set for tests of the harness: noise images, labels that the linear model of tests/attacks mostly agrees with.
import type { Dataset, Pool } from '../../lib/datasets/load.ts';
import { argmax } from '../../lib/tensor.ts';
import { classes, noise, pixels, weights } from '../attacks/linear-engine.ts';

function pool(split: Pool['split'], count: number): Pool {
  const images = Uint8Array.from(noise(count * pixels, split), (value) => (value + 1) * 127.5);
  const labels = Uint8Array.from({ length: count }, (_, i) => {
    const logits = Array.from({ length: classes }, (_, c) => {
      let sum = 0;
      for (let q = 0; q < pixels; q++) sum += (weights[c * pixels + q] * images[i * pixels + q]) / 255;
      return sum;
    });
    // Every eighth label is another class than the model's, so that clean accuracy is not 1.
    return (argmax(logits, 0, classes) + (i % 8 === 0 ? 1 : 0)) % classes;
  });
  return { split, offset: split === 'test' ? 60_000 : 0, count, images, labels };
}

export const dataset: Dataset = { train: pool('train', 50), test: pool('test', 300), directory: 'made in code' };
