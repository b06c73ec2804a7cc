// A PyTorch process the bench talks to, one JSON line each way, so that its rounds can be interleaved with ours.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Attribute, Constant, Graph } from '../../lib/onnx/graph.ts';

/** PyTorch as it comes: one thread, which for Debian's build only OpenBLAS' own variable enforces. */
const pinned = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

export const settings = {
  'as installed': pinned,
  // glibc would give freed tensors back to the system and fault them in again every step.
  tuned: {
    ...pinned, MALLOC_MMAP_THRESHOLD_: '1000000000', MALLOC_TRIM_THRESHOLD_: '4000000000', MALLOC_TOP_PAD_: '67108864',
  },
} as const;
export type Setting = keyof typeof settings;

/** The first of these commands that is a Python with PyTorch; null when none is. */
export async function findPython(candidates: readonly string[]): Promise<string | null> {
  for (const python of candidates) {
    const found = await promisify(execFile)(python, ['-c', 'import torch']).then(() => true, () => false);
    if (found) return python;
  }
  return null;
}

type Reply = { torch?: string; rate?: number; dx?: string };

export class Peer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  constructor(python: string, setting: Setting) {
    const script = fileURLToPath(new URL('peer.py', import.meta.url));
    this.child = spawn(python, ['-u', script], { env: { ...process.env, ...settings[setting] } });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.child.stderr.on('data', (chunk) => (this.errors += chunk));
    // A peer that died shows in the missing answer, which quotes its stderr.
    this.child.stdin.on('error', () => {});
  }

  private async ask(request: object): Promise<Reply> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`The PyTorch peer stopped: ${this.errors.trim().split('\n').at(-1) ?? 'without a word'}`);
    return JSON.parse(value) as Reply;
  }

  /** Hands over the images every later request works on; returns PyTorch's version. */
  async images(images: Float32Array, labels: Uint8Array): Promise<string> {
    const { torch } = await this.ask({ do: 'images', images: sent(images, [images.length / 784, 784]), labels: [...labels] });
    return torch!;
  }

  async load(graph: Graph): Promise<void> {
    const [input] = graph.inputs;
    await this.ask({
      do: 'load',
      graph: {
        input: input.name,
        shape: input.dims.slice(1),
        output: graph.outputs[0].name,
        nodes: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({ op, inputs, outputs, attributes: plain(attributes) })),
        constants: Object.fromEntries([...graph.constants].map(([name, constant]) => [name, sentConstant(constant)])),
      },
    });
  }

  async rate(kind: 'inference' | 'gradients', batch: number, seconds: number): Promise<number> {
    return (await this.ask({ do: 'rate', kind, batch, seconds })).rate!;
  }

  /** Cotangents [N, 10] of the first N images' logits pulled back to the pixels: [N * 784]. */
  async pullback(cotangent: Float32Array): Promise<Float32Array> {
    const { dx } = await this.ask({ do: 'pullback', cotangent: sent(cotangent, [cotangent.length / 10, 10]) });
    return new Float32Array(Uint8Array.from(Buffer.from(dx!, 'base64')).buffer);
  }

  close(): void {
    this.child.stdin.end();
  }
}

function sent(data: Float32Array, dims: readonly number[]): object {
  return { type: 'float32', dims, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

function sentConstant({ type, dims, bytes }: Constant): object {
  return { type, dims, data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

function plain(attributes: Readonly<Record<string, Attribute>>): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
}
