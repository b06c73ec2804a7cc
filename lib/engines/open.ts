// Opens a model on the engine and device asked for.
import type { Model } from '../onnx/graph.ts';
import type { DeviceName, EngineName } from '../runtimes.ts';
import type { Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';

export type EngineOptions = {
  engine?: EngineName;
  device?: DeviceName;
  /** Threads of one run, where the engine can be told; 1 unless asked otherwise. */
  threads?: number;
  /** Rows of one run; the engine's best unless asked otherwise, and the model's own where that is fixed. */
  batchSize?: number;
};

/**
 * Opens a canonical model. A device that is not there gives way to the processor, which `info.why` tells.
 * Throws an Error for an engine that this build does not have, and one that names the operators the engine lacks.
 */
export async function openEngine(model: Model, { engine = 'onnxruntime', ...options }: EngineOptions = {}): Promise<Engine> {
  if (engine === 'onnxruntime') return openOnnxRuntime(model, options);
  if (engine === 'tensorflow') {
    // A child that runs the other engine need not begin with all of this one.
    const { openTensorFlow } = await import('./tensorflow.ts');
    return openTensorFlow(model, options);
  }
  throw new Error(`There is no engine "${engine}"; there are onnxruntime and tensorflow.`);
}
