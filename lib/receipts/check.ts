// What can be found out about a receipt without running the model: whether it keeps its promise and fits its own sums.
import { createHash } from 'node:crypto';
import type { Protocol } from '../evaluation/trial.ts';
import { imageCount, trialId } from '../evaluation/trial-id.ts';
import { commitmentOf } from './commitment.ts';
import { fashionMnist, type Outcome, type Receipt } from './receipt.ts';

/** The outcome of a trial as bytes. */
export type Claim = Outcome & { bits: Uint8Array; classes: Uint8Array };

/** Why the seed is not the promised one, as a sentence; null when it is. */
export function promiseProblem({ phase }: Receipt): string | null {
  if (phase.seed === null) {
    return `The seed of the ${phase.kind} phase was still secret when this receipt was given out. Fetch it again after the reveal.`;
  }
  const found = commitmentOf(Buffer.from(phase.seed, 'hex'));
  if (found === phase.seedCommitment) return null;
  return `The seed is not the one that was promised: its commitment is ${found}, and promised was ${phase.seedCommitment}.`;
}

/** Why the data set is another than this program's, as a sentence; null when it is the same. */
export function datasetProblem({ dataset }: Receipt): string | null {
  const [names, known] = [Object.keys(dataset.files), Object.keys(fashionMnist.files)];
  const other = known.find((name) => dataset.files[name] !== fashionMnist.files[name as keyof typeof fashionMnist.files]);
  if (dataset.name === fashionMnist.name && names.length === known.length && !other) return null;
  const what = other ?? names.join(', ');
  return `The receipt is about another data set, "${dataset.name}": ${what} has another SHA-256 than ${fashionMnist.name}'s.`;
}

/**
 * How the files at hand are the model of the receipt: as they were uploaded, or as the canonical model that ran. Throws an
 * Error that says what was wanted and found when they are neither.
 */
export function modelFit({ model }: Receipt, files: readonly { name: string; bytes: Uint8Array }[]): 'uploaded' | 'canonical' {
  const found = files.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
  if (found.length === 1 && found[0] === model.sha256) return 'canonical';
  const same = (a: readonly string[], b: readonly string[]) => a.toSorted().join() === b.toSorted().join();
  if (same(found, model.files.map(({ sha256 }) => sha256))) return 'uploaded';
  const wanted = model.files.map(({ name, sha256 }) => `  ${sha256}  ${name}`);
  const given = files.map(({ name }, i) => `  ${found[i]}  ${name}`);
  throw new Error(
    `This is another model than the receipt's. Its uploaded files have the SHA-256\n${wanted.join('\n')}\nand its canonical model\n` +
      `  ${model.sha256}\nGiven were\n${given.join('\n')}`,
  );
}

/** The outcomes by trial id. Throws an Error on one that does not fit its protocol or its own totals. */
export function claimsOf({ trials }: Receipt, protocol: Protocol): Map<string, Claim> {
  const totals = new Map(protocol.trials.map((trial) => [trialId(trial), imageCount(protocol, trial)]));
  const claims = new Map<string, Claim>();
  for (const outcome of trials) {
    const total = totals.get(outcome.trial);
    const refuse = (why: string) => new Error(`The receipt does not fit itself. Trial ${outcome.trial} ${why}.`);
    if (total === undefined) throw refuse('is not in its protocol');
    if (claims.has(outcome.trial)) throw refuse('stands there twice');
    if (outcome.total !== total) throw refuse(`has ${outcome.total} images; its protocol says ${total}`);
    if (outcome.correctBits === null || outcome.predictions === null) throw refuse('has no outcomes of single images');
    const bits = bytesOf(outcome.correctBits);
    const classes = bytesOf(outcome.predictions);
    const wanted = Math.ceil(total / 8);
    if (bits?.length !== wanted) throw refuse(`has ${bits?.length ?? 'unreadable'} bytes of outcomes; ${wanted} belong to ${total} images`);
    if (classes?.length !== total) throw refuse(`has ${classes?.length ?? 'unreadable'} predictions; ${total} belong there`);
    if (classes.some((label) => label > 9)) throw refuse('predicts a class above 9');
    if (total % 8 !== 0 && bits[bits.length - 1] >> total % 8 !== 0) throw refuse('has outcomes beyond its last image');
    const right = classes.reduce((sum, _, i) => sum + bitAt(bits, i), 0);
    if (right !== outcome.correct) throw refuse(`counts ${outcome.correct} right images, and its bits ${right}`);
    claims.set(outcome.trial, { ...outcome, bits, classes });
  }
  return claims;
}

/** Bit `i`, least significant bit of each byte first. */
export function bitAt(bits: Uint8Array, i: number): 0 | 1 {
  return ((bits[i >> 3] >> (i & 7)) & 1) as 0 | 1;
}

/** Bytes of base64; null when it is not written as base64 is. */
function bytesOf(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
