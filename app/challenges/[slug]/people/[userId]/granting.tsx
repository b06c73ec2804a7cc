// The forms that give one student a later deadline and a larger quota. What they say is what decides.
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import { Section } from '@/app/ui/section';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { mostExtraSuccesses } from '@/lib/challenges/extensions';
import type { Membership } from '@/lib/challenges/person';
import { wallClockOf, zonedText } from '@/lib/challenges/zoned';
import { extend, grantSuccesses } from '../actions';

export function Granting({ challenge, member }: { challenge: ChallengeView; member: Membership }) {
  const { slug, timeZone, closesAt, policy } = challenge;
  const { userId, team, extendedUntil, extraSuccesses } = member;
  return (
    <>
      <Section
        id="extension"
        title="Extension"
        about={
          <>
            <p>A deadline for this student alone. It is shown to them, and decides when they can no longer submit.</p>
            {team && <p>It holds for what they send themselves, not for what others of their team send.</p>}
          </>
        }
      >
        {closesAt ? (
          <ActionForm action={extend.bind(null, slug, userId)} label="Save extension" keep>
            <p>Everybody’s deadline is {zonedText(new Date(closesAt), timeZone)}.</p>
            <Field
              label="Own deadline"
              name="until"
              type="datetime-local"
              defaultValue={extendedUntil ? wallClockOf(new Date(extendedUntil), timeZone) : ''}
              hint={`In the challenge’s zone, ${timeZone}. Leave it empty for none.`}
              className="max-w-72"
            />
          </ActionForm>
        ) : (
          <p className="text-muted">The challenge has no deadline to extend.</p>
        )}
      </Section>
      <Section
        id="quota"
        title="Extra quota"
        about={
          <>
            <p>Successful evaluations a day beyond the {policy.successesPerDay} that everybody has.</p>
            {team && <p>A team has what the member with the most of it has.</p>}
          </>
        }
      >
        <ActionForm action={grantSuccesses.bind(null, slug, userId)} label="Save extra quota" keep>
          <Field
            label="Extra successes a day"
            name="extra"
            type="number"
            min={0}
            max={mostExtraSuccesses}
            step={1}
            required
            defaultValue={extraSuccesses}
            className="max-w-40"
          />
        </ActionForm>
      </Section>
    </>
  );
}
