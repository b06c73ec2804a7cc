// What is worth a look: shared weights, shared mistakes, test images that may have been trained on. Hints, never verdicts.
import type { Metadata } from 'next';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { contaminationOf } from '@/lib/leaderboard/contamination';
import { similarityOf } from '@/lib/leaderboard/similarity';
import { Gaps } from './gaps';
import { SameWeights } from './same-weights';
import { SharedMistakes } from './shared-mistakes';

export const metadata: Metadata = { title: 'Integrity' };

type Props = { params: Promise<{ slug: string }> };

export default async function IntegrityPage({ params }: Props) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const [similar, gaps] = await orNotFound(
    Promise.all([similarityOf(viewer, slug), contaminationOf(viewer, slug)]),
    `/challenges/${slug}/desk/integrity`,
  );
  return (
    <>
      <h1 className="text-display font-semibold">Integrity</h1>
      <div className="mt-4">
        <Notice tone="info" role="note" title="What is worth a look, and no more than that">
          <p>
            Two students may share a lab partner’s starting point, a published model or an allowed tutorial, and a well-regularised model has
            a small gap by right. Talk to the students first. To take a submission off the boards, open it: its page has the form.
          </p>
        </Notice>
      </div>
      <div className="mt-10 space-y-12">
        <SameWeights groups={similar.groups} withoutFingerprint={similar.withoutFingerprint} />
        <SharedMistakes slug={slug} similar={similar} />
        <Gaps found={gaps} />
      </div>
    </>
  );
}
