'use server';
// Submitting from a page without scripts; the verb asks who may.
import { redirect } from 'next/navigation';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { confirmDraft } from '@/lib/submissions/confirm';

/** Leads to the submission; what refuses it is answered. */
export async function submitDraft(slug: string, draftId: string, _: Outcome, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '');
  const viewer = await currentViewer();
  if (!viewer) redirect(`/login?to=${encodeURIComponent(`/challenges/${slug}/submit?draft=${draftId}`)}`);
  let id = '';
  const outcome = await outcomeOf(async () => {
    const given = { name: text('name'), comment: text('comment') || null, declaredTta: text('declaredTta') || null };
    ({ submissionId: id } = await confirmDraft(viewer, draftId, given));
    return 'Submitted.';
  });
  if (id) redirect(`/submissions/${id}`);
  return outcome;
}
