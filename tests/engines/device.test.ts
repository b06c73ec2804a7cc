// A device that is asked for is used where it is, and else its absence is said; the answers are the same either way.
import { expect, test } from 'vitest';
import { openEngine } from '../../lib/engines/open.ts';
import { deviceNames, engineNames } from '../../lib/runtimes.ts';
import { tensor } from '../../lib/tensor.ts';
import { relativeError } from '../autodiff/run.ts';
import { mlpModel, uniform } from '../models.ts';

const rows = { x: tensor(uniform(3, 3 * 784, 0, 1), [3, 784]), image: new Uint32Array(3), draw: { role: 'evaluate', restart: 0, step: 0 } as const };
const asked = engineNames.flatMap((engine) => deviceNames.filter((name) => name !== 'cpu').map((device) => [engine, device] as const));

test.each(asked)('%s on %s', async (engine, device) => {
  const [there, plain] = [await openEngine(mlpModel(), { engine, device }), await openEngine(mlpModel())];
  try {
    if (device !== 'auto' && there.info.device !== device) {
      expect(there.info.device).toBe('cpu');
      expect(there.info.why).toContain(device);
    }
    expect(there.info.why).toMatch(/\.$/);
    expect(relativeError((await there.logits(rows)).data, (await plain.logits(rows)).data)).toBeLessThan(1e-4);
  } finally {
    await there.close();
    await plain.close();
  }
});

test('an engine that is not there is refused', async () => {
  await expect(openEngine(mlpModel(), { engine: 'abacus' as 'onnxruntime' })).rejects.toThrow(/no engine "abacus".*onnxruntime and tensorflow/);
});
