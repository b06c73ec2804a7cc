// A board of thousands in seconds: accounts, submissions, scores and ranks as weeks would have left them, with figures made up by a seed.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { storeBytes } from '../../../lib/artifacts/store.ts';
import { createChallenge } from '../../../lib/challenges/challenges.ts';
import { database } from '../../../lib/db/client.ts';
import { evaluations, members, ranks, submissions, users } from '../../../lib/db/schema.ts';
import { familyOf } from '../../../lib/evaluation/families.ts';
import { score as scoreOf, type Estimate, type Score } from '../../../lib/evaluation/score.ts';
import { protocols } from '../../../lib/evaluation/protocols.ts';
import { encodeModel } from '../../../lib/onnx/codec.ts';
import { deriveKey, Stream } from '../../../lib/random.ts';
import { linearModel } from '../../evaluations/stage.ts';

const protocol = protocols['gauntlet-v1'];
const atOnce = 500;

/** An open challenge with so many students, each with one finished submission, ranked. Its address. */
export async function seedCrowd(count: number): Promise<string> {
  const slug = `crowd-${count}-${randomUUID().slice(0, 8)}`;
  const { id: challengeId, phases: [{ id: phaseId }] } = await createChallenge({ slug, title: `A crowd of ${count}`, protocol });
  // The whole of it, as the page of a submission wants it; written by the server, to which thousands of copies need not be sent.
  const itsProtocol = sql`(select protocol from challenges where id = ${challengeId})`;
  const stored = await storeBytes(encodeModel(linearModel()));
  const all = Array.from({ length: count }, (_, i) => ({ i, userId: randomUUID(), submissionId: randomUUID(), score: madeUp(i) }));
  for (let at = 0; at < count; at += atOnce) {
    const some = all.slice(at, at + atOnce);
    await database().transaction(async (tx) => {
      await tx.insert(users).values(some.map(({ i, userId }) => ({ id: userId, name: `Student ${i}`, email: `${userId}@crowd.test` })));
      await tx.insert(members).values(some.map(({ i, userId }) => ({ challengeId, userId, pseudonym: i % 5 === 0 ? `gradient ${i}` : null })));
      await tx.insert(submissions).values(some.map(({ i, userId, submissionId }) => ({
        id: submissionId, challengeId, userId, name: `model ${i}`, files: [{ name: 'model.onnx', ...stored }], modelSha256: stored.sha256,
        report: { parameters: 10_000 + 97 * i, operatorsWithoutGradient: [] },
      })));
      await tx.insert(evaluations).values(some.map(({ submissionId, score }) => ({
        submissionId, phaseId, protocol: itsProtocol, status: 'finished' as const, score, finishedAt: new Date(),
      })));
    });
  }
  const ranked = all.toSorted((a, b) => b.score.mixed!.value - a.score.mixed!.value);
  for (let at = 0; at < count; at += atOnce) {
    await database().insert(ranks).values(ranked.slice(at, at + atOnce).map(({ submissionId }, k) => {
      const position = at + k + 1;
      return { phaseId, submissionId, position, rank: Math.max(1, position - 40), rankLow: Math.max(1, position - 40), rankHigh: Math.min(count, position + 40) };
    }));
  }
  return slug;
}

/** As many figures as a real score has, of nobody's model. */
function madeUp(i: number): Score {
  const chance = new Stream(deriveKey('crowd', 'parameters', `student ${i}`, 'evaluate'), { image: 0 });
  const figure = (images: number): Estimate => {
    const value = 0.3 + 0.6 * chance.uniform();
    const half = 1.96 * Math.sqrt((value * (1 - value)) / images);
    return { value, low: value - half, high: value + half, images };
  };
  const names = [...new Set(protocol.trials.flatMap((trial) => (trial.kind === 'perturbation' ? [trial.perturbation] : [])))];
  return {
    ...scoreOf(protocol, new Map()),
    mixed: figure(10_000), clean: figure(10_000), meanPerturbation: figure(2000), robust: figure(1000),
    perturbations: names.map((perturbation, k) => ({
      perturbation, family: familyOf(perturbation), scored: k < 18, mean: figure(2000),
      severities: [1, 2, 3, 4, 5].map((severity) => ({ severity, accuracy: chance.uniform(), images: 2000 })),
    })),
  };
}
