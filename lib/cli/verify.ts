// `gauntlet verify`: holds a receipt to its word, on this machine: its signature, seed, data, model, and every bit of its outcomes.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf, RequestError } from '../errors.ts';
import type { Cell } from '../evaluation/cell.ts';
import { reportOf } from '../evaluation/report.ts';
import { score } from '../evaluation/score.ts';
import { shardsOf } from '../evaluation/shards.ts';
import { readUpload } from '../formats/read.ts';
import { limits } from '../limits.ts';
import { decodeModel, encodeModel } from '../onnx/codec.ts';
import type { Model } from '../onnx/graph.ts';
import { claimsOf, datasetProblem, modelFit, promiseProblem, type Claim } from '../receipts/check.ts';
import { compare, type Compared } from '../receipts/compare.ts';
import { fingerprintOf, publicKeyOf } from '../receipts/keys.ts';
import { readReceipt, type SignedReceipt } from '../receipts/receipt.ts';
import { signatureProblem } from '../receipts/sign.ts';
import { deviceNames, engineNames } from '../runtimes.ts';
import { processesOf, type Runtime } from './evaluate.ts';
import { readFiles } from './model.ts';
import { rerun, selected, type Selection } from './rerun.ts';
import { comparisonTable, scoreTable } from './table.ts';

type Options = Runtime & Selection & { model: string[]; publicKey?: string };
type Row = { claim: Claim; compared: Compared };

const refused = (sentence: string) => new RequestError(400, `Not verified. ${sentence}`);

/** A receipt's words are a stranger's: nothing in them may move the cursor or paint over what this command says. */
const harmless = (text: string) => text.replace(/[^\P{C}\n]/gu, '\uFFFD');
const say = (text: string) => console.log(harmless(text));

/** Throws the refusal, when there is one; says that the check passed otherwise. */
function pass(what: string, problem: string | null, says: string): void {
  if (problem) throw refused(problem);
  say(`${what.padEnd(10)} ${says}`);
}

async function readText(path: string, mostBytes: number): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new RequestError(404, `There is no file ${path}.`);
  const megabytes = Math.ceil(found.size / 2 ** 20);
  if (found.size > mostBytes) throw new RequestError(413, `${path} has ${megabytes} MB; at most ${mostBytes / 2 ** 20} MB are read.`);
  return readFile(path, 'utf8');
}

async function checkSignature(signed: SignedReceipt, keyFile?: string): Promise<void> {
  const trusted = keyFile === undefined ? null : publicKeyOf(await readText(keyFile, 2 ** 20), keyFile);
  const { signature } = signed;
  const named = signature ? `of the key ${fingerprintOf(publicKeyOf(signature.publicKey, "The receipt's key"))}` : '';
  const whose = trusted ? ', the one given' : ' (whether that is the site\'s own, --public-key tells)';
  const none = 'none, because the site had no key: only what can be made again is checked';
  pass('signature', signatureProblem(signed, trusted), signature ? named + whose : none);
}

/** The model of the files, when they are the receipt's. */
async function openFiles({ receipt }: SignedReceipt, paths: readonly string[]): Promise<Model> {
  const files = await readFiles(paths);
  try {
    const fit = modelFit(receipt, files);
    const model = fit === 'canonical' ? decodeModel(files[0].bytes) : await readUpload(files, { scaling: receipt.model.scaling });
    pass('model', null, `${paths.join(', ')}, ${fit === 'canonical' ? 'the canonical model that ran' : 'as it was uploaded'}`);
    const made = createHash('sha256').update(encodeModel(model)).digest('hex');
    if (made !== receipt.model.sha256) console.error('The site made another canonical model of it: with another version of Gauntlet, a few images may differ.');
    return model;
  } catch (error) {
    throw refused(messageOf(error));
  }
}

async function verify(path: string, options: Options): Promise<void> {
  const signed = readReceipt(await readText(path, limits.receiptBytes));
  const { receipt, protocol } = signed;
  const { submission, phase, challenge } = receipt;
  say(`"${submission.name}", submission ${submission.id}, ${phase.kind} phase of "${challenge.title}", protocol ${protocol.name}`);
  await checkSignature(signed, options.publicKey);
  pass('seed', promiseProblem(receipt), `${phase.seed}, as promised by the commitment ${phase.seedCommitment}`);
  pass('data set', datasetProblem(receipt), receipt.dataset.name);
  const model = await openFiles(signed, options.model);
  const claims = claimsIn(signed);
  const report = reportOf(model);
  const missing = shardsOf(protocol, report).find((shard) => !claims.has(shard.trialId));
  const leftOut = missing ? `The receipt says nothing of trial ${missing.trialId}, which this model can be measured on.` : null;
  pass('outcomes', leftOut, `${claims.size} trials, whose bits fit their totals`);

  const trials = selected(protocol, claims, options.trials);
  const { engine, device, processes } = options;
  const subject = { model: encodeModel(model), report, protocol, seedHex: phase.seed! };
  const parts = await rerun(subject, trials, options.sample, { engine, device, processes });
  const rows = [...trials].map(([id, trial]): Row => {
    const claim = claims.get(id)!;
    return { claim, compared: compare(trial, claim, parts.get(id)!) };
  });
  console.log(comparisonTable(rows));
  conclude(rows, claims.size);
  if (options.trials || options.sample) return;
  const declared = submission.declaredTta ? `, with the declared policy ${submission.declaredTta}` : '';
  say(`\nWhat follows from these outcomes${declared}:`);
  say(scoreTable(score(protocol, cellsOf(claims), { report, declaredTta: submission.declaredTta })));
}

/** The receipt's outcomes as the score reads them. */
function cellsOf(claims: ReadonlyMap<string, Claim>): Map<string, Cell> {
  return new Map([...claims].map(([id, { trial, bits, classes, diagnostics, total, correct, seconds, engine, device }]) => [
    id, { trialId: trial, correctBits: bits, predictions: classes, confusion: [], diagnostics, total, correct, seconds, engine, device },
  ]));
}

/** Whatever is refused is said harmlessly. */
async function verifyAloud(path: string, options: Options): Promise<void> {
  try {
    await verify(path, options);
  } catch (error) {
    throw error instanceof RequestError ? new RequestError(error.status, harmless(error.message), { cause: error }) : error;
  }
}

function claimsIn({ receipt, protocol }: ReturnType<typeof readReceipt>): Map<string, Claim> {
  try {
    return claimsOf(receipt, protocol);
  } catch (error) {
    throw refused(messageOf(error));
  }
}

/** The last word: throws when anything differs beyond what another machine explains. */
function conclude(rows: readonly Row[], all: number): void {
  const elsewhere = rows.filter(({ compared }) => !compared.sameClass).map(({ claim }) => `${claim.engine} on ${claim.device}`);
  if (elsewhere.length > 0) say(`This machine is of another numerics class than the receipt's (${[...new Set(elsewhere)].join('; ')}).`);
  const differing = rows.filter(({ compared }) => compared.verdict === 'differs');
  if (differing.length > 0) {
    const bits = differing.reduce((sum, { compared }) => sum + compared.bits, 0);
    throw refused(
      `${differing.length} of ${rows.length} trials are not what this model does on the images of this seed; ` +
        `${bits} ${bits === 1 ? 'bit differs' : 'bits differ'}. ` +
        'A few images that differ under attacks alone can come from another kind of processor; more cannot.',
    );
  }
  const images = rows.reduce((sum, { compared }) => sum + compared.images, 0);
  const forgiven = rows.filter(({ compared }) => compared.verdict !== 'same').length;
  const but = forgiven > 0 ? `, ${forgiven} of them but for differences that another machine makes` : '';
  console.log(`Verified: ${images} outcomes of ${rows.length} of the receipt's ${all} trials are the same${but}.`);
}

function sampleSize(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return count;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check a score: its receipt, and by running the model again on the same images')
    .argument('<receipt>', "the receipt, from the submission's page after the seed has been revealed")
    .requiredOption('--model <file...>', 'the files as they were uploaded, or the canonical model')
    .option('--public-key <file>', "the site's public key, from its verification page; without it anybody may have signed")
    .option('--trials <trial...>', 'only these trials, like mixed, rotate or rotate/3 (default: all)')
    .option('--sample <n>', 'only about so many images of each trial, drawn by chance (default: all)', sampleSize)
    .addOption(new Option('--engine <engine>', 'what runs the model').choices(engineNames).default('onnxruntime'))
    .addOption(new Option('--device <device>', 'where; the processor if it is not there').choices(deviceNames).default('cpu'))
    .option('--processes <n>', 'processes to run side by side', processesOf, availableParallelism())
    .action(verifyAloud);
}
