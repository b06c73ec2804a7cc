// A sandboxed child that runs one fuzzed model after another, where the worker's runs one: opens each as that does, and asks it for scores
// and a gradient of eight images.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { loadFashionMnist, type Dataset } from '../../lib/datasets/load.ts';
import { messageOf } from '../../lib/errors.ts';
import { openModel } from '../../lib/evaluation/open.ts';
import { plainText } from '../../lib/plain-text.ts';
import { decodeModel } from '../../lib/onnx/codec.ts';
import { frame, frames, maximumOrderBytes, type Order } from '../../workers/protocol.ts';

const images = 8;
const draw = { role: 'evaluate', restart: 0, step: 0 } as const;
const say = (message: unknown) => {
  const bytes = frame(message);
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
};

let dataset: Dataset | undefined;

/** Empty when it ran, or what was said instead. */
async function tried(model: string): Promise<string> {
  try {
    const engine = await openModel(decodeModel(new Uint8Array(Buffer.from(model, 'base64'))), dataset!, { threads: 1, batchSize: images });
    const x = { data: Float32Array.from(dataset!.test.images.subarray(0, images * 784), (value) => value / 255), shape: [images, 784] };
    const rows = { x, image: Uint32Array.from({ length: images }, (_, i) => i), draw };
    const { data } = await engine.logits(rows);
    const gradient = await engine.pullback?.(rows, { data: new Float32Array(images * 10).fill(1), shape: [images, 10] });
    await engine.close();
    if (data.length !== images * 10) return `Wrong: ${data.length} scores.`;
    return gradient && gradient.dx.data.length !== images * 784 ? `Wrong: a gradient of ${gradient.dx.data.length}.` : '';
  } catch (error) {
    // As the worker's verdict tells them.
    return plainText(messageOf(error), 1000) || 'no words';
  }
}

for await (const message of frames(new Socket({ fd: 4 }), maximumOrderBytes)) {
  const order = message as Order;
  if (order.type === 'prepare') {
    dataset = await loadFashionMnist(order.dataDirectory);
    say({ type: 'prepared' });
  }
  if (order.type === 'open') {
    const why = await tried(String(order.model));
    say({ type: 'opened', engine: why === '' ? 'ran' : 'said', device: 'cpu', ...(why !== '' && { why }) });
  }
}
