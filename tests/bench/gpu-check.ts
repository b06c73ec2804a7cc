// `npm run gpu-check`: every engine and device of this machine against PyTorch's committed values, and how fast it is, in one table.
import { parseArgs } from 'node:util';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { deviceNames, engineNames, type DeviceName, type EngineName } from '../../lib/runtimes.ts';
import { tensor } from '../../lib/tensor.ts';
import { names, referenceOf } from '../autodiff/references.ts';
import { relativeError } from '../autodiff/run.ts';
import { uniform } from '../models.ts';
import { subjects, type Subject } from './subjects.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, only: { type: 'string', default: 'cnn' } },
});
const seconds = Number(options.seconds);
if (!(seconds > 0)) throw new Error(`--seconds wants a positive number; found ${options.seconds}.`);

function rowsOf(x: Float32Array): Rows {
  const count = x.length / 784;
  return { x: tensor(x, [count, 784]), image: new Uint32Array(count), draw: { role: 'attack', restart: 0, step: 0 } };
}

/** Largest relative errors of logits and pullbacks over the reference networks. */
async function conformance(engine: EngineName, device: DeviceName): Promise<{ forward: number; gradient: number }> {
  const worst = { forward: 0, gradient: 0 };
  for (const name of names) {
    const { model, x, labels, logits, cotangent, pullback } = await referenceOf(name);
    const made = await openEngine(model, { engine, device, batchSize: labels.length });
    try {
      const found = await made.pullback!(rowsOf(x), tensor(cotangent, [labels.length, 10]));
      worst.forward = Math.max(worst.forward, relativeError((await made.logits(rowsOf(x))).data, logits));
      worst.gradient = Math.max(worst.gradient, relativeError(found.dx.data, pullback));
    } finally {
      await made.close();
    }
  }
  return worst;
}

/** Images per second of wall time, after one run to warm up. */
async function rate(batch: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < seconds * 1000) {
    await run();
    done += batch;
  }
  return (done * 1000) / (performance.now() - start);
}

async function speeds(engine: Engine): Promise<string[]> {
  const { batchSize } = engine.info;
  const rows = rowsOf(uniform(1, batchSize * 784, 0, 1));
  const labels = Uint8Array.from({ length: batchSize }, (_, i) => i % 10);
  const inference = await rate(batchSize, () => engine.logits(rows));
  const gradients = await rate(batchSize, () => engine.lossGradient!(rows, labels, 'cross-entropy'));
  return [inference, gradients].map((value) => value.toPrecision(3));
}

/** One line of the table, or null where the device gave way to the processor, which has a line of its own. */
async function line(subject: Subject, engine: EngineName, device: DeviceName): Promise<string | null> {
  const made = await openEngine(subject.model, { engine, device });
  try {
    const { info } = made;
    if (info.why) console.error(`${engine} on ${device}: ${info.why}`);
    if (info.device !== device) return null;
    const { forward, gradient } = await conformance(engine, device);
    const cells = [engine, info.engine, info.device, `${info.batchSize}`, forward.toExponential(1), gradient.toExponential(1)];
    return `| ${[...cells, ...(await speeds(made))].join(' | ')} |`;
  } finally {
    await made.close();
  }
}

const subject = (await subjects()).find(({ name }) => name.toLowerCase().includes(options.only.toLowerCase()));
if (!subject) throw new Error(`No model of the bench is called "${options.only}".`);
const lines: string[] = [];
for (const engine of engineNames) {
  for (const device of deviceNames.filter((name) => name !== 'auto')) {
    const found = await line(subject, engine, device);
    if (found) lines.push(found);
  }
}
const head = ['engine', 'version', 'device', 'batch', 'logits off PyTorch', 'gradients off PyTorch', 'inference/s', 'gradients/s'];
console.log(`${subject.name}, images per second; errors are the largest over ${names.length} reference networks, relative.`);
console.log([`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n'));
