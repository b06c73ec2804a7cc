// Which of ONNX Runtime's execution providers serves a device here: found by running something on it, since what is built in need not work.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../onnx/codec.ts';
import type { Graph, ValueInfo } from '../onnx/graph.ts';
import { node } from '../onnx/node.ts';
import type { DeviceName } from '../runtimes.ts';

export type Provider = 'cpu' | 'cuda' | 'webgpu';
export type Choice = {
  provider: Provider;
  /** How it was chosen, in sentences; absent where the processor was asked for. */
  why?: string;
};

const fastestFirst: readonly Provider[] = ['cuda', 'webgpu'];
const value = (name: string): ValueInfo => ({ name, type: 'float32', dims: [1, 4] });
const doubling = [node('Add', ['x', 'x'], ['y'])];
const probe: Graph = { name: 'probe', inputs: [value('x')], outputs: [value('y')], nodes: doubling, constants: new Map() };

/** What each provider answered, asked once per process. */
const answers = new Map<Provider, Promise<string | null>>();

/** The provider for a device: itself where it works, else the processor. */
export async function providerFor(device: DeviceName): Promise<Choice> {
  if (device === 'cpu') return { provider: 'cpu' };
  const refusals: string[] = [];
  for (const provider of device === 'auto' ? fastestFirst : [device]) {
    if (!answers.has(provider)) answers.set(provider, refusalOf(provider));
    const refusal = await answers.get(provider)!;
    if (refusal === null) return { provider, why: [...refusals, `ONNX Runtime runs on ${provider}.`].join(' ') };
    refusals.push(`ONNX Runtime cannot use ${provider} here (${refusal}).`);
  }
  return { provider: 'cpu', why: [...refusals, 'Running on the processor.'].join(' ') };
}

/** Why a provider does not work here, or null when it does. */
async function refusalOf(provider: Provider): Promise<string | null> {
  try {
    const session = await InferenceSession.create(encodeGraph(probe), { executionProviders: [provider], logSeverityLevel: 4 });
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4]) });
    await session.release();
    const sums = String([...(y.data as Float32Array)]);
    return sums === '2,4,6,8' ? null : `it said that 1+1, 2+2, 3+3 and 4+4 are ${sums}`;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.split('\n')[0].slice(-200).trim();
  }
}
