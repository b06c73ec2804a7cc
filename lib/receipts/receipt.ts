// What a receipt is: everything that makes an evaluation's outcome, image by image, so that anyone can make it again. Pure data.
import { z } from 'zod';
import { published } from '../datasets/verify.ts';
import { messageOf, RequestError } from '../errors.ts';
import { parseProtocol } from '../evaluation/protocols.ts';
import { plainText } from '../plain-text.ts';
import { problems } from '../evaluation/schema-problems.ts';
import type { Protocol } from '../evaluation/trial.ts';

/** Another form of receipt is another name; so is another way from a seed to the images (spec 7.2). */
export const receiptFormat = 'gauntlet-receipt-1';
export const specification = 'gauntlet-v1';

/** The data set as its SHA-256 hashes name it: of each file's decompressed content. */
export const fashionMnist = { name: 'FashionMNIST', files: published } as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'wanted 64 hex digits');
const base64 = z.string().max(100_000).regex(/^[A-Za-z0-9+/]*={0,2}$/, 'wanted base64');
const words = (length: number) => z.string().min(1).max(length);
const images = z.int().min(0).max(70_000);

const outcomeSchema = z.strictObject({
  trial: words(300),
  total: images.min(1),
  correct: images,
  /** One bit per image, least significant bit first: right under the trial. Null before the reveal, as `predictions` is. */
  correctBits: base64.nullable(),
  /** One byte per image: the predicted class. */
  predictions: base64.nullable(),
  seconds: z.number().min(0).max(1e9),
  engine: words(1000),
  device: words(1000),
  diagnostics: z.record(words(100), z.union([z.number(), z.array(z.number()).max(1000)])),
});

const receiptSchema = z.strictObject({
  format: z.literal(receiptFormat),
  specification: z.literal(specification),
  challenge: z.strictObject({ slug: words(100), title: words(1000) }),
  /** `declaredTta`: the policy whose cells make the ranked columns. */
  submission: z.strictObject({ id: z.uuid(), name: words(100), submittedAt: z.iso.datetime(), declaredTta: words(300).nullable() }),
  evaluation: z.strictObject({ id: z.uuid(), startedAt: z.iso.datetime().nullable(), finishedAt: z.iso.datetime() }),
  /** `seed` is null in a receipt given out before the reveal. */
  phase: z.strictObject({ kind: z.enum(['public', 'final']), seedCommitment: sha256, seed: sha256.nullable() }),
  dataset: z.strictObject({ name: words(100), files: z.record(words(100), sha256) }),
  model: z.strictObject({
    /** Of the canonical model, which is what ran. */
    sha256,
    /** Of the files as they were uploaded. */
    files: z.array(z.strictObject({ name: words(300), sha256, bytes: z.int().min(0) })).min(1).max(100),
    /** How the student said pixels go in; the canonical model does it itself. */
    scaling: z.strictObject({ scale: z.union([z.literal(1), z.literal(255)]), mean: z.number(), deviation: z.number().positive() }),
  }),
  /** As it was frozen with the evaluation; `readReceipt` holds it to the schema of protocols. */
  protocol: z.unknown(),
  trials: z.array(outcomeSchema).max(1000),
});
export type Receipt = z.infer<typeof receiptSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;

const signedSchema = z.strictObject({
  receipt: receiptSchema,
  /** Over the canonical JSON of `receipt`; null from a site without a key. `publicKey` is base64 of its SubjectPublicKeyInfo. */
  signature: z.strictObject({ algorithm: z.literal('Ed25519'), publicKey: base64.max(200), value: base64.max(200) }).nullable(),
});
export type SignedReceipt = z.infer<typeof signedSchema>;

/** A receipt from a file, its protocol with defaults filled in. Throws RequestError 400 that lists what is wrong. */
export function readReceipt(text: string): SignedReceipt & { protocol: Protocol } {
  const json = parse(text);
  checkVersion(json);
  const signed = signedSchema.safeParse(json);
  if (!signed.success) {
    const list = problems(signedSchema, json, signed.error).slice(0, 20).map((line) => `  - ${plainText(line, 300)}`);
    throw new RequestError(400, `This is no usable receipt:\n${list.join('\n')}`);
  }
  try {
    return { ...signed.data, protocol: parseProtocol(signed.data.receipt.protocol) };
  } catch (error) {
    const fix = 'A newer Gauntlet may know it: use the version that the site runs.';
    const found = `The receipt's protocol is none of this version of Gauntlet. ${messageOf(error).slice(0, 3000)}`;
    throw new RequestError(400, `${found}\n${fix}`, { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `This is no JSON, so it is no receipt: ${plainText(messageOf(error), 300)}`, { cause: error });
  }
}

/** First of all the version: what else is wrong with another version's receipt would only mislead. */
function checkVersion(json: unknown): void {
  const found = z.object({ receipt: z.object({ format: z.string().max(100), specification: z.string().max(100) }) }).safeParse(json);
  if (!found.success) {
    const wanted = 'the JSON that the page of a submission gives as its receipt, {"receipt": …, "signature": …}';
    throw new RequestError(400, `This is no receipt: wanted is ${wanted}.`);
  }
  const { format, specification: spec } = found.data.receipt;
  if (format === receiptFormat && spec === specification) return;
  throw new RequestError(
    400,
    `The receipt is of version ${plainText(format, 100)}, specification ${plainText(spec, 100)}; ` +
      `this Gauntlet reads ${receiptFormat} and ${specification}. Use the version that the site runs.`,
  );
}
