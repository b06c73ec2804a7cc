// The viewer's account: who one is, how one signs in, API tokens, signed-in browsers, and taking one's data or leaving.
import type { Metadata } from 'next';
import Link from 'next/link';
import { profileOf } from '@/lib/accounts/profile';
import { refusals } from '@/lib/accounts/federated';
import { listIdentities } from '@/lib/auth/identities';
import { providers } from '@/lib/auth/providers';
import { listSessions } from '@/lib/auth/sessions';
import { listTokens } from '@/lib/auth/tokens';
import { isStaff } from '@/lib/challenges/standing';
import { mailConfigured } from '@/lib/mail/configured';
import { button } from '../ui/button';
import { Notice } from '../ui/notice';
import { signOut } from './actions';
import { Identities } from './identities';
import { Leaving } from './leaving';
import { mySession } from './me';
import { PasswordForm } from './password-form';
import { Profile } from './profile';
import { Section } from './section';
import { Sessions } from './sessions';
import { StudentView } from './student-view';
import { Tokens } from './tokens';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage({ searchParams }: { searchParams: Promise<{ refused?: string }> }) {
  const { viewer, id } = await mySession();
  const [profile, tokens, sessions, identities, staff, { refused = '' }] = await Promise.all([
    profileOf(viewer), listTokens(viewer), listSessions(viewer, id), listIdentities(viewer), isStaff(viewer), searchParams,
  ]);
  const refusal = Object.entries(refusals).find(([name]) => name === refused)?.[1];
  return (
    <>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-4">
        <div>
          <h1 className="text-display font-semibold">{profile.name}</h1>
          <p className="mt-1 text-muted capitalize">{viewer.role}</p>
        </div>
        <form action={signOut}>
          <button type="submit" className={button.plain}>
            Sign out
          </button>
        </form>
      </div>
      {refusal && (
        <Notice tone="bad" role="alert">
          {refusal}
        </Notice>
      )}
      <Profile profile={profile} mail={mailConfigured()} />
      <Section id="notifications" title="Notifications" intro="What you are mailed when, and webhooks of your own.">
        <Link href="/account/notifications" className={button.plain}>
          Choose notifications
        </Link>
      </Section>
      <PasswordForm hasPassword={profile.hasPassword} />
      <Identities identities={identities} providers={providers()} />
      <Tokens tokens={tokens} />
      <Sessions sessions={sessions} />
      {staff && <StudentView />}
      <Leaving hasPassword={profile.hasPassword} email={profile.email} />
    </>
  );
}
