// One person, for an administrator: what their account is, and what can be done to it.
import type { Metadata } from 'next';
import Link from 'next/link';
import { roles } from '@/lib/accounts/administer';
import { getPerson } from '@/lib/accounts/people';
import { providers } from '@/lib/auth/providers';
import { currentViewer } from '@/lib/auth/session';
import { Section } from '../../account/section';
import { ActionForm } from '../../ui/action-form';
import { FactList } from '../../ui/fact-list';
import { Check, Select } from '../../ui/inputs';
import { orNotFound } from '../../ui/or-not-found';
import { Time } from '../../ui/time';
import { changeRole, deleteAccountOf, disable, enable, endSessions } from '../actions';
import { ResetLink } from './reset-link';

export const metadata: Metadata = { title: 'Person' };

export default async function PersonPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const person = await orNotFound(getPerson(await currentViewer(), id), `/administration/${id}`);
  const nameOf = (key: string) => providers().find((one) => one.key === key)?.name ?? key;
  const ways = [...(person.hasPassword ? ['password'] : []), ...person.identities.map(nameOf)];
  const who = <input type="hidden" name="person" value={id} />;
  return (
    <>
      <nav aria-label="Breadcrumb" className="text-small">
        <Link href="/administration" className="link">
          People
        </Link>
      </nav>
      <h1 className="mt-1 text-display font-semibold">{person.name}</h1>
      <p className="mt-1 text-muted">
        {person.email} · {person.verified ? 'verified' : 'not verified'}
        {person.disabled && <span className="font-medium text-bad"> · disabled</span>}
      </p>
      <FactList
        facts={[
          ['Role', person.role],
          ['Signs in by', ways.join(', ') || 'nothing yet'],
          ['Signed-in browsers', person.sessions],
          ['Last seen', person.lastSeenAt ? <Time key="seen" at={person.lastSeenAt} /> : 'not of late'],
          ['Submissions', person.submissions],
          ['Since', <Time key="since" at={person.createdAt} />],
        ]}
      />
      <Section id="challenges" title="Challenges">
        {person.challenges.length === 0 && <p className="text-muted">A member of none.</p>}
        <ul className="space-y-1">
          {person.challenges.map(({ slug, title, role }) => (
            <li key={slug}>
              <Link href={`/challenges/${slug}`} className="link">
                {title}
              </Link>{' '}
              <span className="text-muted">· {role}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section
        id="role"
        title="Role"
        intro="Of the whole site: instructors may open challenges, administrators may do everything everywhere."
      >
        <ActionForm action={changeRole} label="Change role" tone="plain" keep className="max-w-[16rem] space-y-3">
          {who}
          <Select label="Role" name="role" options={roles.map((role) => [role, role] as const)} defaultValue={person.role} />
        </ActionForm>
      </Section>
      <Section
        id="access"
        title="Access"
        intro="A disabled account can sign in no more, by password, from elsewhere or by API token. What it has done stays."
      >
        <div className="flex flex-wrap items-start gap-3">
          <ActionForm action={endSessions} label="End all sessions" tone="plain" className="space-y-3">
            {who}
          </ActionForm>
          {person.disabled ? (
            <ActionForm action={enable} label="Enable the account" tone="plain" className="space-y-3">
              {who}
            </ActionForm>
          ) : (
            <ActionForm action={disable} label="Disable the account" tone="danger" className="space-y-3">
              {who}
            </ActionForm>
          )}
        </div>
        <ResetLink person={id} />
      </Section>
      <Section
        id="delete"
        title="Delete the account"
        intro="Their submissions and scores go with it, from every board, for good. To keep them, disable the account."
      >
        <details>
          <summary className="w-fit cursor-pointer text-small font-medium text-bad">Delete this account</summary>
          <ActionForm action={deleteAccountOf} label={`Delete ${person.name} for good`} tone="danger" className="mt-3 space-y-3">
            {who}
            <Check label="Submissions and scores are lost, and I mean it" name="sure" required />
          </ActionForm>
        </details>
      </Section>
    </>
  );
}
