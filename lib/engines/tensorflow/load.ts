// Finds TensorFlow.js on this machine: with CUDA, with the native library, or in pure JavaScript, and says which and why.
import { createRequire } from 'node:module';
import type { DeviceName } from '../../runtimes.ts';
import type { Tf } from './step.ts';

export type Library = {
  tf: Tf;
  /** Package and version, with that of the native library under it, e.g. `tfjs-node 4.22.0 (TensorFlow 2.9.1)`. */
  name: string;
  device: 'cpu' | 'cuda';
  /** Rows of a run that suit it. */
  batchSize: number;
  /** How it was chosen, in sentences. */
  why: string;
};

type Native = Tf & { version: Record<string, string> };
type NativeBackend = { isUsingGpuDevice: boolean; binding: { TF_Version: string } };

const require = createRequire(import.meta.url);
/** Loaded once per process: the library keeps one set of backends. */
const loaded = new Map<boolean, Promise<Library>>();

/**
 * Loads the fastest form that is there. Pure JavaScript always is.
 * @param device `cpu` leaves out the package for CUDA; any other device is served by it where it is, and else by the processor.
 */
export function loadTensorFlow(device: DeviceName): Promise<Library> {
  const withGpu = device !== 'cpu';
  if (!loaded.has(withGpu)) loaded.set(withGpu, load(withGpu));
  return loaded.get(withGpu)!.then((library) => {
    const denied = device !== 'auto' && device !== library.device;
    return denied ? { ...library, why: `${device} was asked for, and is not to be had. ${library.why}` } : library;
  });
}

async function load(withGpu: boolean): Promise<Library> {
  const absent: string[] = [];
  for (const name of withGpu ? ['tfjs-node-gpu', 'tfjs-node'] : ['tfjs-node']) {
    try {
      return native(name, absent);
    } catch (error) {
      absent.push(`@tensorflow/${name} ${whyAbsent(error)}.`);
    }
  }
  const tf = plain(absent);
  // Spares users the library's own advice on faster packages, and each operation its checks for NaN.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const why = [...absent, 'Running in pure JavaScript.'].join(' ');
  return { tf, name: `tfjs ${tf.version_core} (JavaScript)`, device: 'cpu', batchSize: 16, why };
}

function native(name: string, absent: readonly string[]): Library {
  const tf = require(`@tensorflow/${name}`) as Native;
  tf.enableProdMode();
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeBackend;
  const why = [...absent, `Found @tensorflow/${name}, which ${isUsingGpuDevice ? 'sees' : 'uses no'} CUDA device.`].join(' ');
  return {
    tf,
    name: `${name} ${tf.version['tfjs-node'] ?? tf.version['tfjs-core']} (TensorFlow ${binding.TF_Version})`,
    device: isUsingGpuDevice ? 'cuda' : 'cpu',
    batchSize: isUsingGpuDevice ? 256 : 32,
    why,
  };
}

function whyAbsent(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'MODULE_NOT_FOUND' ? 'is not installed' : `could not be loaded (${message.split('\n')[0]})`;
}

/** Everything the library needs in pure JavaScript. Throws an Error that says what to install. */
function plain(absent: readonly string[]): Tf {
  try {
    return require('@tensorflow/tfjs') as Tf;
  } catch (error) {
    const tried = [...absent, `@tensorflow/tfjs ${whyAbsent(error)}.`].join(' ');
    throw new Error(`There is no TensorFlow.js here: ${tried} To add it: npm install --no-save @tensorflow/tfjs@4.22.0`, { cause: error });
  }
}
