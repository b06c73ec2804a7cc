// For a student without a team: who invites them, and founding one.
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import { Section } from '@/app/ui/section';
import type { TeamPage } from '@/lib/challenges/team-view';
import { accept, decline, found } from './actions';

type Props = { slug: string; invitations: TeamPage['invitations']; most: number; settled: boolean };

export function Alone({ slug, invitations, most, settled }: Props) {
  return (
    <div className="mt-8">
      <Section
        id="invitations"
        title="Invitations"
        about={<p>Whoever accepts shows their name, and with it their pseudonym’s owner, to the members of that team.</p>}
      >
        {invitations.length === 0 ? (
          <p className="text-muted">Nobody has invited you. A team’s leader does it by the e-mail address of your account.</p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {invitations.map(({ teamId, team, leader, size }) => (
              <li key={teamId} className="flex flex-wrap items-start gap-x-4 gap-y-3 py-3">
                <p className="min-w-0 flex-1 basis-60">
                  <strong className="font-semibold">{team}</strong>
                  <span className="block text-muted">
                    {leader} invites you; {size} of {most} places taken
                  </span>
                </p>
                {!settled && <ActionForm action={accept.bind(null, slug, teamId)} label={`Join ${team}`} className="space-y-2" />}
                <ActionForm action={decline.bind(null, slug, teamId)} label={`Decline ${team}`} tone="plain" className="space-y-2" />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {!settled && (
        <Section id="found" title="Make a team" about={<p>You lead it, and invite others to it.</p>}>
          <ActionForm action={found.bind(null, slug)} label="Make team">
            <Field label="Name" name="team-name" required maxLength={60} autoComplete="off" hint="Shown on the board." className="max-w-80" />
          </ActionForm>
        </Section>
      )}
    </div>
  );
}
