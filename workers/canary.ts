// The canary: a committed baseline model that must do well here. It tells a bad model from a bad worker.
import { baselines, readBaseline } from '../lib/baselines/index.ts';
import type { Protocol } from '../lib/evaluation/trial.ts';
import { inspect } from '../lib/submissions/inspect.ts';
import type { Crew } from './crew.ts';
import type { Opened } from './evaluator.ts';

const images = 512;
const protocol: Protocol = { name: 'canary', images: { split: 'test', first: images }, trials: [{ kind: 'clean' }] };
/** The smallest baseline gets 80 % and more; a worker that runs it at all runs it right. */
const leastAccuracy = 0.7;

export type Canary = {
  /** Runs it in a fresh child. Throws when it does not do well, with what happened. */
  sing(crew: Crew): Promise<Opened>;
};

/** Reads the model once, at start. */
export async function canaryOf(): Promise<Canary> {
  const [{ file }] = baselines;
  const found = await inspect(async () => [{ name: file, bytes: new Uint8Array(await readBaseline(file)) }], {});
  if ('problem' in found) throw new Error(`The canary ${file} is refused: ${found.problem.found}`);
  return {
    sing: (crew) =>
      crew.withFresh(async (child) => {
        const info = await child.open(found.model);
        let right = 0;
        await child.run({ protocol, trial: protocol.trials[0], start: 0, end: images, keys: [] }, async (part) => {
          right += part.confusion.reduce((sum, n, index) => sum + (index % 11 === 0 ? n : 0), 0);
        });
        if (right < leastAccuracy * images) throw new Error(`The canary ${file} classified ${right} of ${images} images right.`);
        return info;
      }),
  };
}
