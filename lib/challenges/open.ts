// Opens a challenge for the instructor who asks for one, who then is its first.
import { record } from '../audit/record.ts';
import { mayOpenChallenges, type Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { RequestError } from '../errors.ts';
import { metrics, type Metric } from '../evaluation/outcomes.ts';
import { getChallenge, insertChallenge, type ChallengeView } from './challenges.ts';
import { aboutSchema, checked, momentsOf, slugSchema, type Dates } from './details.ts';
import { newJoinCode } from './join-code.ts';
import { checkPolicy } from './policy-problem.ts';
import { checkProtocol } from './protocol.ts';
import { chosenProtocol, type ProtocolChoice } from './protocol-choice.ts';

/** As a form gives it: nothing of it is trusted. */
export type Opening = Dates & {
  slug: string;
  about: unknown;
  protocol: ProtocolChoice;
  primaryMetric: string;
  policy: unknown;
  /** Whether students may join by a code. */
  joinable: boolean;
};

/** Somebody who may open challenges. Throws RequestError 401 and 403. */
export function opener(viewer: Viewer | null): Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (!mayOpenChallenges(viewer)) throw new RequestError(403, 'Only instructors open challenges. Ask an administrator to make you one.');
  return viewer;
}

/** The metric of that name. Throws RequestError 400. */
export function metricOf(name: string): Metric {
  const metric = metrics.find((one) => one === name);
  if (!metric) throw new RequestError(400, `There is no metric "${name}". Choose one of ${metrics.join(', ')}.`);
  return metric;
}

/** Throws RequestError 400 for the past. */
export function checkAhead(closesAt: Date | null, now: Date = new Date()): void {
  if (closesAt && closesAt <= now) {
    throw new RequestError(400, 'The deadline lies in the past. Choose a later one; "Close now" closes at once.');
  }
}

/**
 * Opens a challenge with fresh seeds under what was typed. Throws RequestError 401, 403, 400 (that says what is wrong with it),
 * and 409 on a taken slug.
 */
export async function openChallenge(viewer: Viewer | null, { about, ...input }: Opening): Promise<ChallengeView> {
  const instructor = opener(viewer);
  const slug = checked(slugSchema, input.slug);
  const primaryMetric = metricOf(input.primaryMetric);
  const { protocol } = checkProtocol(chosenProtocol(input.protocol), primaryMetric);
  const moments = momentsOf(input);
  checkAhead(moments.closesAt);
  const fields = {
    ...checked(aboutSchema, about), ...moments, slug, protocol, primaryMetric,
    policy: checkPolicy(input.policy, protocol, primaryMetric),
    joinCode: input.joinable ? newJoinCode() : null,
  };
  await database().transaction(async (tx) => {
    const challengeId = await insertChallenge(tx, { ...fields, instructorId: instructor.id });
    const { opensAt, closesAt, visibility } = fields;
    await record(tx, instructor, 'challenge.create', {
      challengeId, subject: slug, detail: { protocol: protocol.name, primaryMetric, opensAt, closesAt, visibility, policy: fields.policy },
    });
  });
  return getChallenge(slug);
}
