// A score from upload to proof: evaluated, closed, revealed, its receipt fetched, and held to its word by the command line; and
// whatever somebody might have changed on the way is found, each in its own words.
import { readFile, rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readArtifact } from '../../lib/artifacts/read.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { databaseUrl, database, connect, rawSql } from '../../lib/db/client.ts';
import { challenges, shards, submissions } from '../../lib/db/schema.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { keysFromList } from '../../lib/derived-keys.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { openModel } from '../../lib/evaluation/open.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { receiptOf } from '../../lib/evaluations/receipt.ts';
import { sitePublicKey } from '../../lib/evaluations/signing-key.ts';
import { shardDone, takeShard } from '../../lib/evaluations/work.ts';
import { decodeModel } from '../../lib/onnx/codec.ts';
import { shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { commitmentOf } from '../../lib/receipts/commitment.ts';
import { publicPem } from '../../lib/receipts/keys.ts';
import type { Receipt, SignedReceipt } from '../../lib/receipts/receipt.ts';
import { signReceipt } from '../../lib/receipts/sign.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { createDraft } from '../../lib/submissions/drafts.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { keyPair } from '../receipts/stage.ts';
import { gauntlet } from './command.ts';

const ours = vi.hoisted(() => {
  // The first test key of RFC 8032, in one line, as an environment holds it.
  process.env.GAUNTLET_SIGNING_KEY = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';
  return process.env.GAUNTLET_SIGNING_KEY;
});

const linear = 'lib/baselines/linear.onnx';
const protocol = parseProtocol({
  name: 'for-proof',
  images: { split: 'test', size: 100 },
  trials: [
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'gaussian_noise', severity: 3 },
    { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.02, stepSize: 0.005, steps: 10, images: { split: 'test', size: 50 } },
  ],
});
const noise = 'gaussian_noise/3';

let fresh: FreshDatabase;
let url: string;
let teacher: Viewer;
let student: Viewer;
let slug: string;
let submissionId: string;
let folder: string;
const at = (name: string) => join(folder, name);

/** What a worker does, in this process. */
async function evaluateAll(evaluationId: string): Promise<void> {
  const dataset = await loadFashionMnist(await findFashionMnist());
  const jobs = (await rawSql()`select payload from graphile_worker._private_jobs`).map(({ payload }) => shardJobSchema.safeParse(payload));
  const keysOf = new Map(jobs.flatMap(({ data }) => (data ? shardsIn(data).map(({ shardId, keys }) => [shardId, keys] as const) : [])));
  const own = await database().select({ id: shards.id }).from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);
  for (const { id } of own) {
    const work = (await takeShard(id, '00000000-0000-4000-8000-000000000001'))!;
    const engine = await openModel(decodeModel(await readArtifact(work.modelSha256)), dataset);
    const context = { dataset, protocol: work.protocol, keys: keysFromList(keysOf.get(id)!) };
    for await (const part of evaluateTrial(engine, work.trial, work, context)) await landPart(work, part, null);
    await shardDone(id);
    await engine.close();
  }
}

beforeAll(async () => {
  fresh = await freshDatabase();
  url = databaseUrl();
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-verify-'));
  student = await person();
  teacher = await person('instructor');
  slug = (await challengeOf(protocol, teacher)).slug;
  await database().update(challenges).set({ opensAt: new Date(Date.now() - 60_000) }).where(eq(challenges.slug, slug));
  const bytes = await readFile(linear);
  const files = (async function* () { yield { name: 'linear.onnx', content: (async function* () { yield bytes; })() }; })();
  const draft = await createDraft(student, slug, files);
  const entered = await confirmDraft(student, draft.id, { name: 'linear' });
  submissionId = entered.submissionId;
  await evaluateAll(entered.evaluationId);
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  connect(url);
  await fresh.drop();
});

const fails = (words: RegExp) => ({ code: 1, err: expect.stringMatching(words) });

/** A command against the database of this process; it ends with closing the connections. */
async function administer(...words: string[]) {
  const said = await gauntlet(...words);
  connect(url);
  return said;
}
async function verify(receipt: unknown, ...words: string[]) {
  await writeFile(at('receipt.json'), typeof receipt === 'string' ? receipt : JSON.stringify(receipt));
  await writeFile(at('site.pem'), sitePublicKey()!.pem);
  // One process: each reads the data anew.
  return gauntlet('verify', at('receipt.json'), '--processes', '1', ...(words.includes('--model') ? [] : ['--model', linear]), ...words);
}
const byKey = () => ['--public-key', at('site.pem')];

test('before the reveal a receipt has totals and the promise, but neither seed nor outcomes of images', async () => {
  const signed = await receiptOf(student, submissionId);
  const seeds = await rawSql()`select encode(seed, 'hex') as seed from phases`;
  for (const { seed } of seeds) expect(JSON.stringify(signed)).not.toContain(seed);
  expect(signed.receipt.phase.seed).toBeNull();
  expect(signed.receipt.trials.map(({ total }) => total)).toEqual([100, 100, 50]);
  for (const { correctBits, predictions } of signed.receipt.trials) expect([correctBits, predictions]).toEqual([null, null]);
  const said = await verify(signed, ...byKey());
  expect(said).toMatchObject(fails(/Not verified\. The seed of the public phase was still secret/));
  await expect(receiptOf(await person(), submissionId)).rejects.toMatchObject({ status: 404 });
  await expect(receiptOf(student, submissionId, 'final')).rejects.toMatchObject({ status: 404 });
  expect((await receiptOf(teacher, submissionId)).receipt).toEqual(signed.receipt);
});

test('the command line closes and reveals, in this order alone', async () => {
  expect(await administer('reveal', 'public')).toMatchObject(fails(/stays secret while submissions are taken/));
  expect(await administer('close', '--at', 'tomorrow')).toMatchObject(fails(/--at tomorrow is no time/));
  expect(await administer('close')).toMatchObject({ code: 0, out: expect.stringMatching(/is closed since 20/) });
  expect(await administer('reveal', 'final')).toMatchObject(fails(/Nothing has been entered/));
  expect(await administer('final', '--challenge', slug)).toMatchObject({ code: 0, out: expect.stringMatching(/1 submissions entered/) });
  const said = await administer('reveal', 'public');
  const [{ seed }] = await rawSql()`select encode(seed, 'hex') as seed from phases where kind = 'public'`;
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining(seed) });
  expect(await administer('reveal', 'public', '--challenge', 'no-such')).toMatchObject(fails(/no challenge named/));
});

describe('after the reveal', () => {
  let signed: SignedReceipt;
  beforeAll(async () => {
    signed = await receiptOf(student, submissionId);
  });
  /** As the site gave it but for something, and without a signature: only running it again can tell. */
  const unsigned = (change: Partial<Receipt>): SignedReceipt => ({ receipt: { ...signed.receipt, ...change }, signature: null });

  test('the receipt is the same each time, and verified: signature, seed, data, model and every bit', async () => {
    expect(await receiptOf(student, submissionId)).toEqual(signed);
    const { code, out, err } = await verify(signed, ...byKey());
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('Running 3 trials again') });
    expect(out).toContain(`signature  of the key ${sitePublicKey()!.fingerprint}, the one given`);
    expect(out).toMatch(/seed +[0-9a-f]{64}, as promised by the commitment [0-9a-f]{64}/);
    expect(out).toMatch(/model .*linear\.onnx, as it was uploaded/);
    for (const { trial } of signed.receipt.trials) expect(out.split('\n').find((line) => line.includes(trial))).toMatch(/ 0 .* 0 .* same/);
    expect(out).toContain("Verified: 250 outcomes of 3 of the receipt's 3 trials are the same.");
    // The figures of the board, from the outcomes just made again.
    const { evaluation } = await getSubmission(student, submissionId);
    const { clean, meanPerturbation, robust } = evaluation.score!;
    for (const estimate of [clean!, meanPerturbation!, robust!]) expect(out).toContain(`${(100 * estimate.value).toFixed(2)} %`);
    expect(out + err).not.toContain(ours);
  }, 60_000);

  test('on another numerics class the same is found, and said to be of another', async () => {
    const { code, out, err } = await verify(signed, '--engine', 'tensorflow', '--trials', 'clean', 'pgd');
    expect(code, err + out).toBe(0);
    expect(out).toMatch(/another numerics class than the receipt's \(onnxruntime-node [\d.]+ on cpu\)/);
    expect(out).toMatch(/Verified: 150 outcomes of 2 of the receipt's 3 trials are the same/);
  }, 60_000);

  test('the final phase has other images, a receipt of its own, and its seed to the end', async () => {
    const { evaluation } = await getSubmission(student, submissionId, 'final');
    await evaluateAll(evaluation.id);
    const early = await receiptOf(student, submissionId, 'final');
    expect(early.receipt.phase).toMatchObject({ kind: 'final', seed: null });
    expect(await administer('reveal', 'final')).toMatchObject({ code: 0 });
    const last = await receiptOf(student, submissionId, 'final');
    expect(last.receipt.phase.seed).not.toBe(signed.receipt.phase.seed);
    expect(last.receipt.trials.map(({ predictions }) => predictions)).not.toEqual(signed.receipt.trials.map(({ predictions }) => predictions));
    const { code, out, err } = await verify(last, ...byKey());
    expect(code, err).toBe(0);
    expect(out).toMatch(/final phase of .*\n(.*\n)*Verified: 250 outcomes/);
    // The outcomes of one phase under the promise of the other.
    const swapped = { ...signed.receipt, phase: last.receipt.phase };
    expect((await verify({ receipt: swapped, signature: null }, '--trials', 'clean')).err).toMatch(/are not what this model does/);
  }, 90_000);

  test('the canonical model serves too, some trials and a sample are enough, and the order of members says nothing', async () => {
    const [{ modelSha256 }] = await database().select().from(submissions).where(eq(submissions.id, submissionId));
    await writeFile(at('canonical'), await readArtifact(modelSha256));
    const turned = { signature: signed.signature, receipt: Object.fromEntries(Object.entries(signed.receipt).reverse()) };
    const said = await verify(turned, ...byKey(), '--model', at('canonical'), '--trials', 'pgd', noise, '--sample', '20');
    expect(said.code, said.err).toBe(0);
    expect(said.out).toContain('the canonical model that ran');
    // Whole parts: one of 32 of the 50 attacked images or the rest of 18 and one more, and all 100 of the perturbed ones.
    expect(said.out).toMatch(/Verified: 1(32|50) outcomes of 2 of the receipt's 3 trials are the same/);
  }, 60_000);

  test('a flipped bit is found by running again where no signature stands, and by the signature where one does', async () => {
    const trial = signed.receipt.trials.find((one) => one.trial === noise)!;
    const bits = Buffer.from(trial.correctBits!, 'base64');
    const was = bits[2] & 1;
    bits[2] ^= 1;
    const changed = { ...trial, correctBits: bits.toString('base64'), correct: trial.correct + (was ? -1 : 1) };
    const trials = signed.receipt.trials.map((one) => (one === trial ? changed : one));
    expect((await verify({ ...signed, receipt: { ...signed.receipt, trials } }, ...byKey())).err).toMatch(/Not verified\. The signature does not fit/);
    const said = await verify(unsigned({ trials }), '--trials', noise, 'clean');
    expect(said).toMatchObject(fails(/Not verified\. 1 of 2 trials are not what this model does on the images of this seed; 1 bit differs/));
    expect(said.out).toMatch(/gaussian_noise\/3.* 1 .* 0 .* DIFFERS/);
    expect(said.out).toMatch(/clean.* 0 .* 0 .* same/);
    expect(said.out).toMatch(/signature +none/);
  }, 60_000);

  test('another seed is not the promised one; with another promise it makes other images', async () => {
    const { phase } = signed.receipt;
    const seed = '7'.repeat(64);
    expect((await verify(unsigned({ phase: { ...phase, seed } }))).err).toMatch(/Not verified\. The seed is not the one that was promised/);
    const both = { ...phase, seed, seedCommitment: commitmentOf(Buffer.from(seed, 'hex')) };
    expect((await verify({ ...signed, receipt: { ...signed.receipt, phase: both } })).err).toMatch(/signature does not fit/);
    expect((await verify(unsigned({ phase: both }), '--trials', 'clean')).err).toMatch(/are not what this model does on the images of this seed/);
  }, 60_000);

  test('another model, and none', async () => {
    const said = await verify(signed, '--model', 'lib/baselines/mlp.onnx');
    expect(said).toMatchObject(fails(/Not verified\. This is another model than the receipt's.*linear\.onnx.*mlp\.onnx/s));
    expect((await verify(signed, '--model', 'nowhere.onnx')).err).toContain('There is no file nowhere.onnx.');
  });

  test('a signature of somebody else, and no signature where one is wanted', async () => {
    const stranger = keyPair();
    const forged = signReceipt(signed.receipt, stranger);
    expect((await verify(forged, ...byKey())).err).toMatch(/Not verified\. The receipt is signed with another key/);
    expect((await verify(unsigned({}), ...byKey())).err).toMatch(/Not verified\. The receipt is not signed/);
    await writeFile(at('stranger.pem'), publicPem(stranger));
    expect((await verify(signed, '--public-key', at('stranger.pem'))).err).toMatch(/signed with another key/);
    expect((await verify(signed, '--public-key', at('nowhere.pem'))).err).toMatch(/There is no file/);
    expect((await verify(signed, '--public-key', linear)).err).toMatch(/linear\.onnx is not readable as an Ed25519 key/);
  });

  test('words that would paint over what is said are made harmless', async () => {
    const { submission } = signed.receipt;
    const said = await verify(unsigned({ submission: { ...submission, name: 'x\u001b[2K\rVerified: all of it \u202e' }, trials: [] }));
    expect(said.code).toBe(1);
    for (const control of ['\u001b', '\r', '\u202e']) expect(said.out + said.err).not.toContain(control);
    expect(said.out).toContain('Verified: all of it');
  });

  test('what was left out, what is no receipt, and what the receipt does not have', async () => {
    expect((await verify(unsigned({ trials: signed.receipt.trials.slice(0, 1) }))).err).toMatch(/The receipt says nothing of trial/);
    expect((await verify('{}')).err).toMatch(/This is no receipt/);
    expect((await verify(signed, '--trials', 'rotate')).err).toMatch(/The receipt has no trial "rotate"\. It has:\n {2}clean\n {2}gaussian_noise\/3/);
    expect((await verify(signed, '--sample', '0')).err).toMatch(/It must be a whole number from 1 on/);
    expect((await gauntlet('verify', at('nowhere.json'), '--model', linear)).err).toMatch(/There is no file/);
  });
});
