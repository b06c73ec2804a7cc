// Where a model is handed in: the form, and beside it what is wanted.
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { CopyBlock } from '@/app/ui/copy-block';
import { orNotFound } from '@/app/ui/or-not-found';
import { policyNames } from '@/app/ui/policy-name';
import { currentViewer } from '@/lib/auth/session';
import { modelContract } from '@/lib/challenges/contract';
import { admitted } from '@/lib/challenges/standing';
import { limits } from '@/lib/limits';
import { allowanceOf } from '@/lib/submissions/allowance';
import { getDraft } from '@/lib/submissions/drafts';
import { Allowance } from './allowance';
import { SubmitForm } from './submit-form';

export const metadata: Metadata = { title: 'Submit a model' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ draft?: string }> };

export default async function SubmitPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const here = `/challenges/${slug}/submit`;
  const viewer = await currentViewer();
  const { challenge } = await orNotFound(admitted(viewer, slug), here);
  if (!viewer) redirect(`/login?to=${encodeURIComponent(here)}`);
  const { draft: draftId } = await searchParams;
  // An upload outlives the page: with its draft in the address, a reload does not lose it, nor its place before the deadline.
  const draft = draftId ? await getDraft(viewer, draftId).catch(() => null) : null;
  const allowance = await orNotFound(allowanceOf(viewer, slug, new Date(), draft ? new Date(draft.begunAt) : undefined), here);
  return (
    <>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Submit a model</h1>
      <Allowance allowance={allowance} grace={challenge.policy.graceMinutes} />
      {allowance.mayUpload && (
        <div className="mt-8 grid grid-cols-1 items-start gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
          <div className="min-w-0">
            <SubmitForm
              challenge={slug}
              initial={draft}
              limits={{ bytes: limits.uploadBytes, files: limits.uploadFiles }}
              policies={[...policyNames(challenge.protocol)]}
            />
          </div>
          <Wanted />
        </div>
      )}
    </>
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
