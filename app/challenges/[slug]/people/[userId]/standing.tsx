// The forms that change what somebody is in a challenge: role, team, pseudonym, place on the class list, and taking part at all.
import { ActionForm } from '@/app/ui/action-form';
import { Select } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import { Section } from '@/app/ui/section';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { Membership } from '@/lib/challenges/person';
import type { TeamRow } from '@/lib/challenges/team-view';
import { changeRole, moveTeam, neutralise, release, remove } from '../actions';

const roles = [
  ['student', 'Student: submits'],
  ['assistant', 'Assistant: reads everything, writes notes, answers requests'],
  ['instructor', 'Instructor: changes the challenge and decides'],
] as const;

type Props = { challenge: ChallengeView; member: Membership; teams: TeamRow[]; self: boolean };

export function Standing({ challenge: { slug, policy }, member, teams, self }: Props) {
  const { userId, role, team, pseudonym, place, submissions, name, emailVerified } = member;
  return (
    <>
      <Section id="their-role" title="Role" about={<p>In this challenge alone. A challenge always keeps an instructor.</p>}>
        <ActionForm action={changeRole.bind(null, slug, userId)} label="Save role" tone="plain" keep>
          {role === 'student' && !emailVerified && (
            <Notice tone="warn" role="note">
              This account has not proved its e-mail address. Make sure that it is theirs before you give it more rights.
            </Notice>
          )}
          <Select label="Role" name="role" defaultValue={role} options={roles} className="max-w-[30rem]" />
        </ActionForm>
      </Section>
      {role === 'student' && (policy.teamSize > 1 || team) && (
        <Section id="their-team" title="Team" about={<p>You can move somebody at any time. What was submitted for a team stays the team’s.</p>}>
          <ActionForm action={moveTeam.bind(null, slug, userId)} label="Move" tone="plain" keep>
            <Select
              label="Team"
              name="team"
              defaultValue={team?.id ?? ''}
              options={[['', 'None'], ...teams.map((one) => [one.id, `${one.name} (${one.members.length} of ${policy.teamSize})`] as const)]}
              className="max-w-80"
            />
          </ActionForm>
        </Section>
      )}
      {pseudonym && (
        <Section id="pseudonym" title="Pseudonym" about={<p>An improper one is replaced by a neutral one, so that the board does not tell whose it was.</p>}>
          <p className="mb-3">
            They stand on the board as <strong className="font-semibold">{pseudonym}</strong>.
          </p>
          <ActionForm action={neutralise.bind(null, slug, userId)} label="Replace by a neutral one" tone="plain" />
        </Section>
      )}
      {place && (
        <Section id="place" title="Class list" about={<p>A place claimed by the wrong account is freed here; they stay a member.</p>}>
          <p className="mb-3">
            They have the place of {place.name}, {place.email}.
          </p>
          <ActionForm action={release.bind(null, slug, place.id)} label="Free the place" tone="danger" />
        </Section>
      )}
      {!self && (
        <Section id="remove" title="Remove" about={<p>Only who has not submitted can be removed: submissions and grades belong to somebody.</p>}>
          {submissions > 0 ? (
            <p className="text-muted">{name} has submitted. Disqualify a submission on its own page instead.</p>
          ) : (
            <ActionForm action={remove.bind(null, slug, userId)} label={`Remove ${name}`} tone="danger" />
          )}
        </Section>
      )}
    </>
  );
}
