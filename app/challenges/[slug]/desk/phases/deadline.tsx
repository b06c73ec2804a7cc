// The deadline, by the clocks of the challenge's zone, and closing at once.
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { wallClockOf, zonedText } from '@/lib/challenges/zoned';
import { closeAtOnce, moveDeadline } from './actions';

export function Deadline({ challenge, may }: { challenge: ChallengeView; may: boolean }) {
  const { slug, closesAt, timeZone, state, policy } = challenge;
  const revealed = challenge.phases.some((phase) => phase.revealed);
  const now = closesAt ? zonedText(new Date(closesAt), timeZone) : 'There is none';
  const after = [
    policy.graceMinutes > 0 && `what was begun before it may be sent in for ${policy.graceMinutes} minutes more`,
    policy.lateHours > 0 && `late submissions are taken for ${policy.lateHours} hours`,
  ].filter(Boolean);
  return (
    <div className="space-y-6">
      <p>
        {now}.{closesAt && after.length > 0 && ` After it ${after.join(', and ')}.`} Extensions of single students come on top.
      </p>
      {revealed && <p className="text-muted">A seed has been published, so the challenge stays closed.</p>}
      {may && !revealed && (
        <ActionForm action={moveDeadline.bind(null, slug)} label={closesAt ? 'Move the deadline' : 'Set the deadline'} tone="plain" keep>
          <Field
            label={`Deadline, in ${timeZone}`}
            name="deadline"
            type="datetime-local"
            defaultValue={closesAt ? wallClockOf(new Date(closesAt), timeZone) : ''}
            className="max-w-xs"
            hint="Empty: no deadline. Students read it in their own zone."
          />
        </ActionForm>
      )}
      {may && state === 'open' && (
        <ActionForm action={closeAtOnce.bind(null, slug)} label="Close now" tone="danger">
          <Field
            label={`Close at once: type ${slug}`}
            name="confirm-close"
            autoComplete="off"
            className="max-w-xs"
            hint="Sets the deadline to this moment. It can be moved again until a seed is published."
          />
        </ActionForm>
      )}
    </div>
  );
}
