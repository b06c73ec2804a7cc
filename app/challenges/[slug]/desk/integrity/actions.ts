'use server';
// Asks for the comparison of wrong answers; a worker makes it.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { requestSimilarity } from '@/lib/leaderboard/similarity';

export async function compareAnswers(slug: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await requestSimilarity(await currentViewer(), slug);
    refresh();
    return 'A worker compares them now.';
  });
}
