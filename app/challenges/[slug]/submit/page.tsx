// Where a model is handed in: upload it, see what is made of it, submit it. All but the upload itself is rendered here, from ?draft=.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { policyNames } from '@/app/ui/policy-name';
import { currentViewer } from '@/lib/auth/session';
import { admitted } from '@/lib/challenges/standing';
import { RequestError } from '@/lib/errors';
import { limits } from '@/lib/limits';
import { allowanceOf } from '@/lib/submissions/allowance';
import { getDraft, waitingDrafts, type Draft } from '@/lib/submissions/drafts';
import { estimateOf } from '@/lib/submissions/estimate';
import { earlierOf, enteredFrom } from '@/lib/submissions/handed-in';
import { Allowance } from './allowance';
import { Confirm } from './confirm';
import { Found } from './found';
import { sentenceOf } from './refusals';
import { Uploader } from './uploader';
import { Wanted } from './wanted';

export const metadata: Metadata = { title: 'Submit a model' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ draft?: string; refused?: string }> };

export default async function SubmitPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const { draft: asked, refused } = await searchParams;
  // Whoever has to sign in first finds the upload again.
  const here = `/challenges/${slug}/submit${asked ? `?draft=${encodeURIComponent(asked)}` : ''}`;
  const viewer = await currentViewer();
  const { challenge } = await orNotFound(admitted(viewer, slug), here);
  if (!viewer) redirect(`/login?to=${encodeURIComponent(here)}`);
  const [draft, waiting] = await Promise.all([asked ? ownDraft(getDraft(viewer, asked), challenge.id) : null, waitingDrafts(viewer, challenge.id)]);
  const now = new Date();
  const [allowance, ofDraft, estimate, earlier, entered] = await Promise.all([
    orNotFound(allowanceOf(viewer, slug, now), here),
    // An upload has its place before a deadline from when it began.
    draft && orNotFound(allowanceOf(viewer, slug, now, new Date(draft.begunAt)), here),
    draft?.report ? estimateOf(challenge, draft.report) : null,
    draft ? earlierOf(viewer, draft) : [],
    asked && !draft ? enteredFrom(viewer, asked).catch(() => null) : null,
  ]);
  const uploading = allowance.mayUpload || waiting.length > 0 || draft !== null;
  return (
    <>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Submit a model</h1>
      <Allowance allowance={ofDraft ?? allowance} grace={challenge.policy.graceMinutes} />
      <div className="mt-6 space-y-4 empty:hidden">
        {refused && (
          <Notice tone="bad" role="alert" title="The upload was not taken">
            {sentenceOf(refused)}
          </Notice>
        )}
        {asked && !draft && <Gone entered={entered} />}
        {ofDraft?.mayUpload && !allowance.mayUpload && (
          <Notice tone="warn" role="note" title="Time is up for new uploads">
            This one began in time: you may still submit it.
          </Notice>
        )}
      </div>
      {uploading && (
        <div className="mt-8 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
          <div className="min-w-0 space-y-8">
            <Uploader
              challenge={slug}
              open={allowance.mayUpload}
              shown={draft?.id ?? null}
              waiting={waiting.map(({ id, files, createdAt, expiresAt }) => ({ id, createdAt, expiresAt, ...inAll(files) }))}
              most={limits.draftsPerStudent}
            />
            {draft && <Found key={draft.id} draft={draft} earlier={earlier} estimate={estimate} protocol={challenge.protocol} />}
          </div>
          <div className="min-w-0 space-y-10">
            {draft?.report && ofDraft && (
              <Confirm
                key={draft.id}
                challenge={slug}
                draftId={draft.id}
                suggestion={draft.files[0].name.replace(/\.[^.]*(\.data)?$/, '').slice(0, 100)}
                policies={[...policyNames(challenge.protocol)]}
                allowance={ofDraft}
              />
            )}
            <Wanted open={!draft?.report} slug={slug} />
          </div>
        </div>
      )}
    </>
  );
}

/** Null for one that is not the viewer's, or of another challenge. */
async function ownDraft(found: Promise<Draft>, challengeId: string): Promise<Draft | null> {
  try {
    const draft = await found;
    return draft.challengeId === challengeId ? draft : null;
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}

function inAll(files: Draft['files']): { name: string; bytes: number } {
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  return { name: `${files[0].name}${more}`, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function Gone({ entered }: { entered: { id: string; name: string } | null }) {
  if (entered) {
    return (
      <Notice tone="good" role="note" title="This upload has been submitted">
        It is{' '}
        <Link href={`/submissions/${entered.id}`} className="link font-medium">
          {entered.name}
        </Link>
        .
      </Notice>
    );
  }
  return (
    <Notice tone="warn" role="note" title="There is no such upload of yours">
      Uploads are kept for {limits.draftHours} hours, the newest {limits.draftsPerStudent} of them. Upload the model again.
    </Notice>
  );
}
