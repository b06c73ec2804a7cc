// The ONNX Runtime engine of Node: where a session is opened, and on which device.
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Model } from '../onnx/graph.ts';
import type { DeviceName } from '../runtimes.ts';
import { compiledEngine, type OpenSession } from './compiled.ts';
import type { Engine } from './engine.ts';
import { type Provider, providerFor } from './provider.ts';
import { sessionOf } from './session.ts';

/** Rows per run that serve best: the processor's caches, or the breadth of a GPU. A model's own fixed batch size wins. */
const defaultBatchSizes = { cpu: 32, cuda: 256, webgpu: 256 };

type Options = { device?: DeviceName; threads?: number; batchSize?: number };

/**
 * Opens a canonical model on a device, or on the processor where that device is not to be had. Compiling and running block the
 * event loop. One thread unless asked otherwise, since one process per core beats one process with many threads.
 * The methods throw an Error that names the operator where ONNX Runtime refuses the graph.
 */
export async function openOnnxRuntime(model: Model, { device = 'cpu', threads = 1, batchSize }: Options = {}): Promise<Engine> {
  const { provider, why } = await providerFor(device);
  const size = model.batch ?? batchSize ?? defaultBatchSizes[provider];
  const engine = `onnxruntime-node ${env.versions.node}`;
  return compiledEngine(model, { engine, device: provider, batchSize: size, ...(why && { why }) }, sessionsOn(provider, threads));
}

/** How sessions are opened on a provider. */
export function sessionsOn(provider: Provider, threads: number): OpenSession {
  return (graph, batch) =>
    sessionOf({ InferenceSession, Tensor }, graph, batch, {
      // What the provider lacks, the processor does.
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Spinning threads collapse when several processes share the cores.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      // Failures are thrown, and need not be printed as well.
      logSeverityLevel: 4,
    });
}
