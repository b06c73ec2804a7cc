// The guide of one challenge: its rules, and its own protocol in pictures.
import type { Metadata } from 'next';
import { GuideBody } from '@/app/guide/guide';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { guideOf } from '@/lib/challenges/guide';

export const metadata: Metadata = { title: 'Guide' };

export default async function ChallengeGuidePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const guide = await orNotFound(guideOf(await currentViewer(), slug), `/challenges/${slug}/guide`);
  return (
    <GuideBody
      guide={guide}
      title="Guide"
      intro={
        <p>
          From a trained network to a row on the board of “{guide.challenge!.title}”: its rules, what is measured, shown on real images; how to
          export; how the score is made and read.
        </p>
      }
    />
  );
}
