'use server';
// Answers regrade requests; the verb asks who it is and writes it down.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { answerRegrade } from '@/lib/evaluations/answer-regrade';

export async function answer(requestId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const text = (name: string) => String(form.get(`${name}-${requestId}`) ?? '');
    const again = await answerRegrade(await currentViewer(), requestId, {
      accept: text('decision') === 'accept', answer: text('answer'), runAgain: form.has(`again-${requestId}`),
    });
    refresh();
    return again ? 'Answered. The submission runs again; apply it among the re-evaluations.' : 'Answered.';
  });
}
