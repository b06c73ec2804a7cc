// What the tests of the policies share: a small train split, every policy of the table, and engines that tell what they were shown.
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { deriveKey } from '../../lib/random.ts';
import type { Tensor } from '../../lib/tensor.ts';
import { policies } from '../../lib/tta/index.ts';
import type { Policy, TtaContext } from '../../lib/tta/policy.ts';
import { classes, linearEngine, noise, pixels } from '../attacks/linear-engine.ts';

/** Images of the train split; image i is of class i % 10. */
export const count = 40;
export const train: TtaContext['train'] = {
  offset: 0,
  count,
  images: Uint8Array.from(noise(count * pixels, 'train'), (value) => (value + 1) * 127),
  labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
};
export const context: TtaContext = { train, key: (role) => deriveKey('', 'tta', 'test', role) };
export const evaluate = { role: 'evaluate', restart: 0, step: 0 } as const;

/** Every policy, by the table's own keys; a name of its own where it takes parameters. */
const made: Record<keyof typeof policies, Record<string, Policy>> = {
  hflip: { hflip: policies.hflip() },
  shift: { shift: policies.shift() },
  rot: { rot: policies.rot() },
  rot90: { rot90: policies.rot90() },
  d4: { d4: policies.d4() },
  sum: { sum: policies.sum({ k: 3, ownWeight: 2, repetitions: 5 }) },
  mixup: {
    'mixup of the predicted class': policies.mixup({ partners: 'predicted', lambda: 0.6, repetitions: 5 }),
    'mixup of other classes': policies.mixup({ partners: 'other', lambda: 0.6, repetitions: 5 }),
  },
};
export const every: [string, Policy][] = Object.values(made).flatMap((named) => Object.entries(named));

/** Weights small enough that probabilities are far from 0 and 1: a smooth function. */
export const smooth = () => linearEngine({ scale: 0.05 });

/** An engine that answers as `engine` does, and whose gradient is `answer` to whatever it is shown, which `shown` holds. */
export function watched(engine: Engine, answer?: (shown: Rows) => Float32Array): { engine: Engine; shown: Rows[] } {
  const shown: Rows[] = [];
  return {
    shown,
    engine: {
      ...engine,
      logits: (rows) => (shown.push({ ...rows, x: { ...rows.x, data: rows.x.data.slice() } }), engine.logits(rows)),
      ...(answer && {
        pullback: async (rows: Rows) => ({ logits: await engine.logits(rows), dx: { data: answer(rows), shape: rows.x.shape } }),
      }),
    },
  };
}

/** The copies a policy makes of rows [N, 784]: [copies * N, 784], copy by copy; what it looks at before them is left out. */
export async function copiesOf(policy: Policy, rows: Rows): Promise<Tensor> {
  const { engine, shown } = watched(smooth());
  await policy(engine, context).logits(rows);
  return shown.at(-1)!.x;
}
