// Lets any number of rows through an engine that takes a batch at a time, and tells somebody after each run.
import type { Engine, LossGradient, Rows, Stepped } from '../engines/engine.ts';
import { rowsOf, type Tensor } from '../tensor.ts';

function slice(rows: Rows, from: number, to: number): Rows {
  return { x: rowsOf(rows.x, from, to), image: rows.image.subarray(from, to), draw: rows.draw };
}

function concatenate(tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 1) return tensors[0];
  const length = tensors.reduce((sum, { data }) => sum + data.length, 0);
  const data = new Float32Array(length);
  let offset = 0;
  for (const part of tensors) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  const count = tensors.reduce((sum, { shape }) => sum + shape[0], 0);
  return { data, shape: [count, ...tensors[0].shape.slice(1)] };
}

/** The same engine for any number of rows: split into `info.batchSize`, the last batch shorter. `ran` hears of every run. */
export function inBatches(engine: Engine, ran: () => void = () => {}): Engine {
  async function each<T>(rows: Rows, run: (batch: Rows, from: number, to: number) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    const count = rows.image.length;
    for (let from = 0; from < count; from += engine.info.batchSize) {
      const to = Math.min(from + engine.info.batchSize, count);
      results.push(await run(slice(rows, from, to), from, to));
      ran();
    }
    return results;
  }
  const joined = (results: readonly LossGradient[]): LossGradient => ({
    logits: concatenate(results.map(({ logits }) => logits)),
    dx: concatenate(results.map(({ dx }) => dx)),
  });

  const batched: Engine = {
    info: engine.info,
    close: () => engine.close(),
    logits: async (rows) => concatenate(await each(rows, (batch) => engine.logits(batch))),
  };
  if (engine.pullback) {
    batched.pullback = async (rows, dLogits) =>
      joined(await each(rows, (batch, from, to) => engine.pullback!(batch, rowsOf(dLogits, from, to))));
  }
  if (engine.lossGradient) {
    batched.lossGradient = async (rows, labels, loss, targets) =>
      joined(await each(rows, (batch, from, to) => engine.lossGradient!(batch, labels.subarray(from, to), loss, targets?.subarray(from, to))));
  }
  if (engine.signSteps) {
    batched.signSteps = async (rows, labels, plan) => {
      const parts = await each(rows, (batch, from, to) => {
        const part = { ...plan, low: rowsOf(plan.low, from, to), high: rowsOf(plan.high, from, to) };
        return engine.signSteps!(batch, labels.subarray(from, to), part);
      });
      const flags = (of: (part: Stepped) => Uint8Array) => Uint8Array.from(parts.flatMap((part) => [...of(part)]));
      return {
        x: concatenate(parts.map(({ x }) => x)), flat: flags(({ flat }) => flat), fooled: flags(({ fooled }) => fooled),
        taken: parts.reduce((sum, { taken }) => sum + taken, 0),
      };
    };
  }
  return batched;
}
