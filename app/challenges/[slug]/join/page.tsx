// Taking part in a challenge: the way in for who is not a member, and what a member is in it.
import type { Metadata } from 'next';
import { ActionForm } from '@/app/ui/action-form';
import { Field } from '@/app/ui/field';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { doorOf, type Door } from '@/lib/challenges/join';
import { ownMembership } from '@/lib/challenges/person';
import { join } from './actions';
import { Member } from './member';

export const metadata: Metadata = { title: 'Take part' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ code?: string }> };

export default async function JoinPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const { code } = await searchParams;
  const viewer = await currentViewer();
  // A link with a code in it still has it after the sign-in.
  const here = `/challenges/${slug}/join${code ? `?code=${encodeURIComponent(code)}` : ''}`;
  const door = await orNotFound(doorOf(viewer, slug), here);
  const member = door.standing === 'visitor' ? null : await orNotFound(ownMembership(viewer, slug));
  return member ? <Member slug={slug} member={member} code={code} /> : <Outside door={door} code={code} />;
}

function Outside({ door: { slug, title, description, visibility, archived }, code }: { door: Door; code?: string }) {
  const open = visibility === 'public';
  return (
    <div className="max-w-[40rem]">
      <h1 className="text-display font-semibold">Join {title}</h1>
      {description && <p className="mt-1 text-muted">{description}</p>}
      {archived ? (
        <div className="mt-6">
          <Notice tone="warn" role="note">
            This challenge is archived. Nobody joins it any more.
          </Notice>
        </div>
      ) : (
        <>
          <p className="mt-6 mb-4">
            {open
              ? 'Anybody may take part. If your instructor gave you a code of your own, it also gives you your place on the class list.'
              : 'It is for its members. Enter the code of the course, or the one of your own that your instructor gave you. If the class list has the e-mail address of your account, and you have verified it, you need no code.'}
          </p>
          <ActionForm action={join.bind(null, slug)} label="Join">
            <Field
              label={open ? 'Code (if you have one)' : 'Code'}
              name="code"
              defaultValue={code}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={100}
              hint="Capitals, spaces and dashes make no difference."
              className="max-w-80"
            />
          </ActionForm>
        </>
      )}
    </div>
  );
}
