'use server';
// A student asks for a regrade; an instructor disqualifies a submission or lets it back in. The verbs ask who it is.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { disqualify, reinstate } from '@/lib/submissions/disqualify';
import { requestRegrade } from '@/lib/submissions/regrade';

export async function askRegrade(submissionId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    await requestRegrade(await currentViewer(), submissionId, String(form.get('regrade-message') ?? ''));
    refresh();
    return 'Sent. The answer will stand here.';
  });
}

export async function takeOut(submissionId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    await disqualify(await currentViewer(), submissionId, String(form.get('disqualify-reason') ?? ''));
    refresh();
    return 'It is disqualified.';
  });
}

export async function letBackIn(submissionId: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await reinstate(await currentViewer(), submissionId);
    refresh();
    return 'It counts again.';
  });
}
