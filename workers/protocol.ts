// What supervisor and child say to each other, checked on both sides, and how a message travels over a pipe.
// The supervisor believes nothing it hears: sizes are bounded before a message is read, shapes before it is used.
import { z } from 'zod';
import { derivedKeySchema } from '../lib/derived-keys.ts';
import { examplesKept } from '../lib/evaluation/examples.ts';
import { protocolSchema, trialSchema } from '../lib/evaluation/trial.ts';
import { deviceNames, engineNames } from '../lib/runtimes.ts';

const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const count = z.int().min(0).max(1_000_000);
const words = z.string().max(4000);

/** Supervisor to child. `open` comes once in a child's life: another model gets another child. */
export const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prepare'), dataDirectory: z.string() }),
  z.object({ type: z.literal('open'), model: base64, engine: z.enum(engineNames), device: z.enum(deviceNames), threads: count }),
  z.object({
    type: z.literal('run'), protocol: protocolSchema, trial: trialSchema, start: count, end: count, keys: z.array(derivedKeySchema),
  }),
]);
export type Order = z.input<typeof orderSchema>;

const rows = count.optional();
const diagnosticsSchema = z.strictObject({
  zeroGradients: rows, nearTies: rows, notFinite: rows, correctByDraw: z.array(count).max(16).optional(),
  fooledByRound: z.array(count).max(1000).optional(),
  zeroGradientsDlr: rows, unequalAnswers: rows, probabilities: rows, wrongGradients: rows, flatGradients: rows,
});

const exampleSchema = z.strictObject({
  position: count, prediction: z.int().min(0).max(9), peak: z.number().min(0).max(1), delta: base64,
});

const partSchema = z.strictObject({
  trialId: z.string().max(300),
  start: count,
  end: count,
  correctBits: base64,
  predictions: base64,
  confusion: z.array(count).length(100),
  seconds: z.number().min(0).max(1e6),
  engine: z.string().max(200),
  device: z.string().max(200),
  diagnostics: diagnosticsSchema,
  examples: z.array(exampleSchema).max(examplesKept).optional(),
});

const problemSchema = z.strictObject({ code: z.string().max(100), found: words, wanted: words, fix: words, snippet: words.optional() });

/** Child to supervisor. */
export const reportSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('prepared') }),
  /** `why`: how the child came to this engine and device, where there was a choice. */
  z.strictObject({ type: z.literal('opened'), engine: z.string().max(200), device: z.string().max(200), why: words.optional() }),
  z.strictObject({ type: z.literal('alive') }),
  z.strictObject({ type: z.literal('part'), part: partSchema }),
  z.strictObject({ type: z.literal('done') }),
  /** `model`: the model or the runtime under it failed; `harness`: something of ours did. */
  z.strictObject({ type: z.literal('failed'), by: z.enum(['model', 'harness']), message: words, problem: problemSchema.optional() }),
]);
export type Report = z.infer<typeof reportSchema>;
export type ReportMessage = z.input<typeof reportSchema>;

export const maximumOrderBytes = 512 * 1024 * 1024;
export const maximumReportBytes = 1024 * 1024;

/** A message as bytes: length (u32, little endian), then JSON. */
export function frame(message: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(message));
  const whole = Buffer.alloc(4 + body.length);
  whole.writeUInt32LE(body.length);
  body.copy(whole, 4);
  return whole;
}

export class MessageTooLong extends Error {
  readonly bytes: number;

  constructor(bytes: number, maximumBytes: number) {
    super(`A message of ${bytes} bytes; at most ${maximumBytes} are taken.`);
    this.name = 'MessageTooLong';
    this.bytes = bytes;
  }
}

/** The messages of a stream. Throws MessageTooLong on one that announces more than `maximumBytes`, before holding it. */
export async function* frames(stream: AsyncIterable<Uint8Array>, maximumBytes: number): AsyncGenerator<unknown> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let wanted = 4;
  let inBody = false;
  for await (const piece of stream) {
    pieces.push(piece);
    held += piece.length;
    while (held >= wanted) {
      const all = pieces.length === 1 ? Buffer.from(pieces[0].buffer, pieces[0].byteOffset, pieces[0].length) : Buffer.concat(pieces);
      const taken = all.subarray(0, wanted);
      const rest = all.subarray(wanted);
      pieces = [rest];
      held = rest.length;
      if (inBody) yield JSON.parse(taken.toString('utf8'));
      wanted = inBody ? 4 : taken.readUInt32LE();
      if (wanted > maximumBytes) throw new MessageTooLong(wanted, maximumBytes);
      inBody = !inBody;
    }
  }
}
