// What all pages of a challenge have on top: its tabs. Who may read a page is the page's own question.
import type { ReactNode } from 'react';
import { currentViewer } from '@/lib/auth/session';
import { findChallenge } from '@/lib/challenges/challenges';
import { standingIn } from '@/lib/challenges/standing';
import { Tabs } from './tabs';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export default async function ChallengeLayout({ params, children }: Props) {
  const [viewer, challenge] = await Promise.all([currentViewer(), params.then(({ slug }) => findChallenge(slug))]);
  return (
    <>
      {challenge && <Tabs challenge={challenge} standing={await standingIn(viewer, challenge.id)} />}
      {children}
    </>
  );
}
