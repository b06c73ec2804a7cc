// What a test-time augmentation policy is: it turns an engine into one that averages over changed copies of its input.
import type { Pool } from '../datasets/pool.ts';
import type { Engine } from '../engines/engine.ts';
import type { Key, Role } from '../random.ts';

/** What a policy may draw from. */
export type TtaContext = {
  /** Partner images and their classes; always the train split, so that test images never reach a prediction. */
  train: Pick<Pool, 'images' | 'labels' | 'count' | 'offset'>;
  /** Key of purpose `tta` of the trial, for the evaluation's or an attack's draws. */
  key: (role: Role) => Key;
};

/** `logits` of the result is the log of the mean probability over the copies (spec 4.1). */
export type Policy = (engine: Engine, context: TtaContext) => Engine;
