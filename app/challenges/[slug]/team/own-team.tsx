// A team as its members see it; its leader changes it.
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import { Section } from '@/app/ui/section';
import type { Mate, OwnTeam as Team } from '@/lib/challenges/team-view';
import { dissolve, handOver, invite, leave, remove, rename, withdraw } from './actions';

type Props = { slug: string; team: Team; me: string; most: number; settled: boolean };

export function OwnTeam({ slug, team, me, most, settled }: Props) {
  const { leading, mates, submitted } = team;
  const fixed = submitted || settled;
  return (
    <div className="mt-8">
      <Section id="members" title="Members" about={<p>{`${mates.length} of ${most} places are taken.`}</p>}>
        <ul className="divide-y divide-line border-y border-line">
          {mates.map((mate) => (
            <Member key={mate.userId} slug={slug} mate={mate} self={mate.userId === me} leading={leading} fixed={fixed} />
          ))}
        </ul>
      </Section>
      {leading && !settled && <Invitations slug={slug} team={team} full={mates.length >= most} />}
      {leading && (
        <Section id="name" title="Name" about={<p>The board shows it.</p>}>
          <ActionForm action={rename.bind(null, slug, team.id)} label="Rename" tone="plain" keep>
            <Field label="Name" name="team-name" defaultValue={team.name} required maxLength={60} autoComplete="off" className="max-w-80" />
          </ActionForm>
        </Section>
      )}
      <Section id="end" title={leading ? 'Dissolve' : 'Leave'} about={<p>What somebody has submitted alone stays theirs.</p>}>
        {fixed ? (
          <p className="text-muted">
            {submitted ? 'The team has submitted, so its members stay together.' : 'The challenge has closed.'} An instructor can move somebody.
          </p>
        ) : leading ? (
          <ActionForm action={dissolve.bind(null, slug)} label="Dissolve the team" tone="danger" />
        ) : (
          <ActionForm action={leave.bind(null, slug)} label="Leave the team" tone="danger" />
        )}
      </Section>
    </div>
  );
}

type MemberProps = { slug: string; mate: Mate; self: boolean; leading: boolean; fixed: boolean };

function Member({ slug, mate: { userId, name, leader }, self, leading, fixed }: MemberProps) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 py-3">
      <p className="min-w-0 flex-1 basis-48 py-1">
        <span className="font-medium">{name}</span>
        {self && <span className="ml-2 rounded-small bg-mine-edge/30 px-1 text-micro">you</span>}
        {leader && <span className="ml-2 text-small text-muted">leads the team</span>}
      </p>
      {leading && !self && (
        <>
          <ActionForm action={handOver.bind(null, slug, userId)} label={`Make ${name} leader`} tone="plain" className="space-y-2" />
          {!fixed && <ActionForm action={remove.bind(null, slug, userId)} label={`Remove ${name}`} tone="danger" className="space-y-2" />}
        </>
      )}
    </li>
  );
}

function Invitations({ slug, team: { invited }, full }: { slug: string; team: Team; full: boolean }) {
  return (
    <Section
      id="invitations"
      title="Invite"
      about={
        <p>
          By the e-mail address of somebody’s account here, never by a name on the board, which may be a pseudonym. They must have joined
          the challenge.
        </p>
      }
    >
      {full ? (
        <p className="text-muted">The team is full.</p>
      ) : (
        <ActionForm action={invite.bind(null, slug)} label="Invite">
          <Field label="E-mail" name="email" type="email" required maxLength={254} autoComplete="off" className="max-w-80" />
        </ActionForm>
      )}
      {invited.length > 0 && (
        <ul aria-label="Open invitations" className="mt-5 divide-y divide-line border-y border-line">
          {invited.map(({ userId, email }) => (
            <li key={userId} className="flex flex-wrap items-start gap-x-4 gap-y-3 py-3">
              <p className="min-w-0 flex-1 basis-48 py-1 break-words">{email}</p>
              <ActionForm action={withdraw.bind(null, slug, userId)} label={`Take back ${email}`} tone="plain" className="space-y-2" />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
