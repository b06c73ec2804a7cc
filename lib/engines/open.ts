// Opens a model on the engine asked for.
import type { Model } from '../onnx/graph.ts';
import type { Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';

export type EngineOptions = {
  engine?: 'onnxruntime';
  device?: 'cpu';
  /** Threads of one run; 1 unless asked otherwise. */
  threads?: number;
  /** Rows of one run; the engine's best unless asked otherwise, and the model's own where that is fixed. */
  batchSize?: number;
};

/** Opens a canonical model. Throws an Error for an engine or device that this build does not have. */
export async function openEngine(model: Model, settings: EngineOptions = {}): Promise<Engine> {
  const { engine = 'onnxruntime', device = 'cpu', ...options } = settings;
  if (engine !== 'onnxruntime') throw new Error(`There is no engine "${engine}"; there is onnxruntime.`);
  if (device !== 'cpu') throw new Error(`The engine onnxruntime has no device "${device}"; it has cpu.`);
  return openOnnxRuntime(model, options);
}
