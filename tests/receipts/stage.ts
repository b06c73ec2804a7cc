// A receipt for tests, right in every respect, of a protocol of two trials.
import { generateKeyPairSync } from 'node:crypto';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { commitmentOf } from '../../lib/receipts/commitment.ts';
import { fashionMnist, receiptFormat, specification, type Receipt } from '../../lib/receipts/receipt.ts';

export const protocol = parseProtocol({
  name: 'for-receipts',
  images: { split: 'test', first: 20 },
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 }],
});
export const [clean, attack] = protocol.trials.map(trialId);

const hex = (digit: string) => digit.repeat(64);
const id = '00000000-0000-4000-8000-000000000001';
const seed = hex('5');

/** Every image is right, predicted as class 3. */
export function receiptOf(change: Partial<Receipt> = {}): Receipt {
  const outcome = (trial: string): Receipt['trials'][number] => ({
    trial, total: 20, correct: 20,
    correctBits: Buffer.from([255, 255, 15]).toString('base64'), predictions: Buffer.alloc(20, 3).toString('base64'),
    seconds: 0.25, engine: 'engine 1.0', device: 'cpu', diagnostics: { nearTies: 0 },
  });
  return {
    format: receiptFormat,
    specification,
    challenge: { slug: 'c', title: 'A challenge' },
    submission: { id, name: 'a model', submittedAt: '2026-11-22T08:00:00.000Z', declaredTta: null },
    evaluation: { id, startedAt: null, finishedAt: '2026-11-22T08:01:00.000Z' },
    phase: { kind: 'public', seedCommitment: commitmentOf(Buffer.from(seed, 'hex')), seed },
    dataset: fashionMnist,
    model: { sha256: hex('a'), files: [{ name: 'model.onnx', sha256: hex('b'), bytes: 10 }], scaling: { scale: 1, mean: 0, deviation: 1 } },
    protocol,
    trials: [outcome(clean), outcome(attack)],
    ...change,
  };
}

export const keyPair = () => generateKeyPairSync('ed25519').privateKey;
