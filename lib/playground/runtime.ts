// ONNX Runtime for browsers: WebAssembly on one thread, which needs no isolation from other origins. Fetched when this module is.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { compiledEngine } from '../engines/compiled.ts';
import type { Engine } from '../engines/engine.ts';
import { sessionOf } from '../engines/session.ts';
import type { Model } from '../onnx/graph.ts';

env.wasm.numThreads = 1;

/** An engine of a canonical model that takes `batchSize` rows a run, or the model's own number where that is fixed. */
export function browserEngine(model: Model, batchSize: number): Engine {
  const info = { engine: `onnxruntime-web ${env.versions.web}`, device: 'wasm', batchSize: model.batch ?? batchSize };
  return compiledEngine(model, info, (graph, batch) =>
    sessionOf({ InferenceSession, Tensor }, graph, batch, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      // Failures are thrown, and need not be printed as well.
      logSeverityLevel: 4,
    }),
  );
}
