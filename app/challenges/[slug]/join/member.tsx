// What a member is in a challenge: their name on the board, their place on the class list, what they were granted, and the way out.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { FactList, type Fact } from '@/app/ui/fact-list';
import { Field } from '@/app/ui/field';
import { orNotFound } from '@/app/ui/or-not-found';
import { Section } from '@/app/ui/section';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { Membership } from '@/lib/challenges/person';
import { admitted } from '@/lib/challenges/standing';
import { claim, dropPseudonym, leave, savePseudonym } from './actions';

type Props = { slug: string; member: Membership; code?: string };

export async function Member({ slug, member, code }: Props) {
  const { challenge } = await orNotFound(admitted(await currentViewer(), slug, 'student'));
  const { role, place, placesLeft, submissions, team } = member;
  return (
    <>
      <h1 className="text-display font-semibold">Your part in {challenge.title}</h1>
      <FactList facts={factsOf(member, slug)} />
      <div className="-mt-px">
        {role === 'student' && <BoardName challenge={challenge} member={member} />}
        {role === 'student' && !place && placesLeft && <ClaimPlace slug={slug} code={code} />}
        <Section id="leave" title="Leave" about={<p>Whoever has submitted stays: a submission has somebody it belongs to.</p>}>
          {submissions > 0 ? (
            <p>You have submitted {submissions === 1 ? 'once' : `${submissions} times`}, so you cannot leave this challenge.</p>
          ) : team ? (
            <p>
              You are in a team.{' '}
              <Link href={`/challenges/${slug}/team`} className="link">
                Leave it first
              </Link>
              .
            </p>
          ) : (
            <ActionForm action={leave.bind(null, slug)} label="Leave this challenge" tone="danger" />
          )}
        </Section>
      </div>
    </>
  );
}

function factsOf({ role, joinedAt, place, team, extendedUntil, extraSuccesses }: Membership, slug: string): Fact[] {
  return [
    ['You are', role === 'student' ? 'a student' : role === 'assistant' ? 'an assistant' : 'an instructor'],
    ['Joined', <Time key="joined" at={joinedAt} />],
    ...(place ? [['On the class list', [place.name, place.studentNumber, place.section].filter(Boolean).join(' · ')] satisfies Fact] : []),
    ...(team
      ? [['Team', <Link key="team" href={`/challenges/${slug}/team`} className="link">{team.name}</Link>] satisfies Fact]
      : []),
    ...(extendedUntil ? [['Your own deadline', <Time key="until" at={extendedUntil} />] satisfies Fact] : []),
    ...(extraSuccesses > 0 ? [['Extra evaluations a day', `+${extraSuccesses}`] satisfies Fact] : []),
  ];
}

function BoardName({ challenge: { slug, policy }, member: { name, pseudonym } }: { challenge: ChallengeView; member: Membership }) {
  if (!policy.pseudonyms && !pseudonym) return null;
  return (
    <Section
      id="board-name"
      title="Name on the board"
      about={
        <>
          <p>
            You stand on the board as <strong className="font-semibold text-ink">{pseudonym ?? name}</strong>.
            {pseudonym ? ' Only you and the staff of the challenge see your name beside it.' : ''}
          </p>
          <p>
            Take a pseudonym before you submit: who saw your name on the board can tell later whose row it is. A team stands under its own
            name, and its members know each other’s names.
          </p>
        </>
      }
    >
      {policy.pseudonyms && (
        <ActionForm action={savePseudonym.bind(null, slug)} label="Save pseudonym" keep>
          <Field
            label="Pseudonym"
            name="pseudonym"
            defaultValue={pseudonym ?? ''}
            required
            maxLength={60}
            autoComplete="off"
            hint="1 to 60 characters, and nobody else’s name."
            className="max-w-80"
          />
        </ActionForm>
      )}
      {pseudonym && (
        <ActionForm action={dropPseudonym.bind(null, slug)} label="Stand under my own name" tone="plain" className="mt-4 space-y-4" />
      )}
    </Section>
  );
}

function ClaimPlace({ slug, code }: { slug: string; code?: string }) {
  return (
    <Section
      id="place"
      title="Place on the class list"
      about={
        <p>
          Your account has no place on the class list. It gets one when you verify the e-mail address that the list has, or by a code of
          your own from your instructor.
        </p>
      }
    >
      <ActionForm action={claim.bind(null, slug)} label="Claim my place">
        <Field label="Your own code" name="code" defaultValue={code} required autoComplete="off" spellCheck={false} maxLength={100} className="max-w-80" />
      </ActionForm>
    </Section>
  );
}
