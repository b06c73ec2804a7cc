'use server';
// What a student, their team or an instructor does with a submission.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { cancelSubmission } from '@/lib/evaluations/cancel';
import { runFullProtocol } from '@/lib/evaluations/promote';
import { chooseSubmission } from '@/lib/submissions/choose';

type Act = (viewer: Viewer | null, submissionId: string) => Promise<void>;

const doing = (act: Act, done: string, form: FormData): Promise<Outcome> =>
  outcomeOf(async () => {
    await act(await currentViewer(), String(form.get('submission') ?? ''));
    refresh();
    return done;
  });

export async function cancel(_: Outcome, form: FormData): Promise<Outcome> {
  return doing(cancelSubmission, 'It is cancelled.', form);
}

export async function choose(_: Outcome, form: FormData): Promise<Outcome> {
  return doing(chooseSubmission, 'This one counts from now on.', form);
}

export async function runFull(_: Outcome, form: FormData): Promise<Outcome> {
  return doing(runFullProtocol, 'The rest of the protocol is in the queue.', form);
}
