// The input gradient an attack climbs, from whatever the engine offers: in one run, or from its parts.
import type { Engine, LossGradient, Rows } from '../engines/engine.ts';
import { lossSeed, type Loss } from '../losses.ts';

/** Logits and the pullback of the loss seed. Throws an Error when the engine has no gradient, with the engine's reason. */
export async function lossGradient(
  engine: Engine, rows: Rows, labels: Uint8Array, loss: Loss, targets?: Uint8Array,
): Promise<LossGradient> {
  if (engine.lossGradient) return engine.lossGradient(rows, labels, loss, targets);
  if (!engine.pullback) throw new Error(`A gradient attack needs the model's input gradient. ${engine.info.noGradient ?? ''}`);
  const logits = await engine.logits(rows);
  return engine.pullback(rows, lossSeed(loss, logits, labels, targets));
}
