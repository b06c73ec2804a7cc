// What a viewer may do with a submission at a moment: what its page offers is what the verbs allow.
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { relationTo } from '../submissions/access.ts';
import { allowance } from '../submissions/allowance.ts';
import { choiceProblem } from '../submissions/choose.ts';
import type { Submission } from '../submissions/read.ts';
import { promotionProblem } from './promote.ts';

/** An act that is offered; `problem` says why it cannot be done now. */
export type Offer = { problem: string | null };

export type Offers = {
  cancel: Offer | null;
  /** Null too where the challenge has nothing to choose. */
  choose: Offer | null;
  /** To run the whole protocol; null for what runs it already. */
  full: Offer | null;
};

const nothing: Offers = { cancel: null, choose: null, full: null };

/** For a submission that the viewer may read. */
export async function offersFor(viewer: Viewer | null, submission: Submission, now: Date = new Date()): Promise<Offers> {
  const { challenge: { id: challengeId, slug }, userId, baseline, team, evaluation } = submission;
  const by = await relationTo(viewer, { userId, challengeId, baseline, teamId: team?.id });
  if (!viewer || !by || evaluation.phase !== 'public') return nothing;
  const open = evaluation.status === 'queued' || evaluation.status === 'running';
  const whole = evaluation.tier === 'full' || !(open || evaluation.status === 'finished');
  const cancel = open ? { problem: null } : null;
  if (by === 'office') return { cancel, choose: null, full: whole ? null : { problem: null } };
  const { challenge, standing } = await admitted(viewer, slug);
  const choosing = challenge.policy.counted === 'chosen' && !submission.disqualified && (open || evaluation.status === 'finished');
  return {
    cancel,
    choose: choosing ? { problem: await choiceProblem(challenge, submission, viewer.id, now) } : null,
    full: whole ? null : { problem: promotionProblem(submission, await allowance(viewer, challenge, now, { standing })) },
  };
}
