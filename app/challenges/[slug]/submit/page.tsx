// Where a model is handed in: the form, and beside it what is wanted.
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { CopyBlock } from '@/app/ui/copy-block';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { policyNames } from '@/app/ui/policy-name';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { getChallenge, type ChallengeView } from '@/lib/challenges/challenges';
import { modelContract } from '@/lib/challenges/contract';
import { limits } from '@/lib/limits';
import { getDraft } from '@/lib/submissions/drafts';
import { SubmitForm } from './submit-form';
import type { DraftAnswer } from './upload';

export const metadata: Metadata = { title: 'Submit a model' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ draft?: string }> };

export default async function SubmitPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const challenge = await orNotFound(getChallenge(slug));
  const viewer = await currentViewer();
  if (!viewer) redirect(`/login?to=${encodeURIComponent(`/challenges/${slug}/submit`)}`);
  const { draft: draftId } = await searchParams;
  // An upload outlives the page: with its draft in the address, a reload does not lose it.
  const draft: DraftAnswer | null = draftId ? await getDraft(viewer, draftId).catch(() => null) : null;
  return (
    <>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Submit a model</h1>
      {challenge.state === 'open' ? (
        <div className="mt-6 grid grid-cols-1 items-start gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
          <div className="min-w-0 space-y-6">
            <Deadline challenge={challenge} />
            <SubmitForm
              challenge={slug}
              initial={draft}
              limits={{ bytes: limits.uploadBytes, files: limits.uploadFiles }}
              policies={[...policyNames(challenge.protocol)]}
            />
          </div>
          <Wanted />
        </div>
      ) : (
        <div className="mt-6">
          <Closed challenge={challenge} />
        </div>
      )}
    </>
  );
}

function Deadline({ challenge: { closesAt } }: { challenge: ChallengeView }) {
  if (!closesAt) return null;
  return (
    <p className="text-muted">
      Open until <Time at={closesAt} />. What is submitted before then is evaluated, also when its turn comes later.
    </p>
  );
}

function Closed({ challenge: { state, opensAt, closesAt } }: { challenge: ChallengeView }) {
  return (
    <Notice tone="warn" role="note" title={state === 'closed' ? 'This challenge is closed' : 'This challenge is not open yet'}>
      {state === 'closed' ? (
        <p>
          It took submissions until <Time at={closesAt!} />.
        </p>
      ) : (
        <p>
          It opens <Time at={opensAt} />.
        </p>
      )}
    </Notice>
  );
}

function Wanted() {
  return (
    <aside aria-labelledby="wanted" className="min-w-0 space-y-4">
      <h2 id="wanted" className="text-title font-semibold">
        What is wanted
      </h2>
      <p className="text-muted">{modelContract.file}</p>
      <p className="text-muted">{modelContract.model} Logits, probabilities and log-probabilities are recognised.</p>
      {Object.entries(modelContract.snippets).map(([framework, { language, text }]) => (
        <details key={framework} open={framework === 'PyTorch'}>
          <summary className="mb-2 w-fit rounded-small font-medium">From {framework}</summary>
          <CopyBlock label={language} text={text} />
        </details>
      ))}
      <p className="text-small text-muted">
        At most {limits.uploadBytes / 1024 / 1024} MB and {limits.flopsPerImage / 1e9} GFLOP per image. Uploading costs nothing: the model
        is looked at first, and only evaluated when you say so. An upload is kept for {limits.draftHours} hours.
      </p>
    </aside>
  );
}
