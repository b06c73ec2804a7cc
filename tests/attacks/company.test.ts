// An image fares the same in any company through the real engine too: where it stands in a batch, and beside whom, tips nothing.
import { beforeAll, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { assemble, type Cell, type Part } from '../../lib/evaluation/cell.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { partSize } from '../../lib/evaluation/parts.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import type { AttackTrial } from '../../lib/evaluation/trial.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { keysFromSeed } from '../../lib/random.ts';

const images = 96;
const protocol = parseProtocol({
  name: 'company',
  images: { split: 'test', first: images },
  trials: [{ kind: 'attack', attack: 'ensemble', norm: 'linf', epsilon: 0.02, steps: 12, targets: 2, queries: 40 }],
});
const trial = protocol.trials[0] as AttackTrial;
const context = { protocol, keys: keysFromSeed('company') };

let dataset: Dataset;
beforeAll(async () => void (dataset = await loadFashionMnist(await findFashionMnist())));

test.each(['linear.onnx', 'mlp.onnx', 'reference-cnn.onnx'] as const)('%s', async (file) => {
  const engine = await openEngine(await readUpload([{ name: file, bytes: await readBaseline(file) }]));
  const cellOf = async (size: number): Promise<Omit<Cell, 'seconds'>> => {
    const parts: Part[] = [];
    for (let start = 0; start < images; start += size) {
      for await (const part of evaluateTrial(engine, trial, { start, end: Math.min(images, start + size) }, { ...context, dataset })) parts.push(part);
    }
    const { seconds: _, ...cell } = assemble(parts, images)!;
    return cell;
  };
  try {
    const together = await cellOf(images);
    expect(await cellOf(partSize(trial))).toEqual(together);
    expect(together.diagnostics.fooledByRound!.reduce((sum, fooled) => sum + fooled, 0)).toBeGreaterThan(0);
  } finally {
    await engine.close();
  }
});
