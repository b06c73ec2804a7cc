// Opens a model for measuring, on the engine asked for.
import type { Dataset } from '../datasets/pool.ts';
import type { Engine } from '../engines/engine.ts';
import { openEngine, type EngineOptions } from '../engines/open.ts';
import type { Model } from '../onnx/graph.ts';
import { openSound } from './sound.ts';

/** An engine for a model, looked at on the first test images. Throws as `openSound` and `openEngine`. */
export async function openModel(model: Model, dataset: Dataset, options: EngineOptions = {}): Promise<Engine> {
  return openSound(model, dataset.test, (each) => openEngine(each, options));
}
