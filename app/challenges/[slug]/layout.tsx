// What all pages of a challenge have on top: its tabs. Who may read a page is the page's own question.
import type { ReactNode } from 'react';
import { currentViewer } from '@/lib/auth/session';
import { findChallenge } from '@/lib/challenges/challenges';
import { standingIn } from '@/lib/challenges/standing';
import { Tabs } from './tabs';
import { WhereProvider } from './where';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export default async function ChallengeLayout({ params, children }: Props) {
  const { slug } = await params;
  const [viewer, challenge] = await Promise.all([currentViewer(), findChallenge(slug)]);
  const standing = challenge && (await standingIn(viewer, challenge.id));
  const where = standing && { slug, standing, signedIn: viewer !== null, asStudent: viewer?.asStudent ?? false };
  return (
    <WhereProvider where={where || null}>
      {challenge && standing && <Tabs challenge={challenge} standing={standing} />}
      {children}
    </WhereProvider>
  );
}
