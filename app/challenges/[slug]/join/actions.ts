'use server';
// Joining, standing on the board under another name, and leaving: always whoever asks, themselves.
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { joinChallenge } from '@/lib/challenges/join';
import { leaveChallenge } from '@/lib/challenges/members';
import { setPseudonym } from '@/lib/challenges/pseudonyms';

const codeIn = (form: FormData): string => String(form.get('code') ?? '').slice(0, 200);

export async function join(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  const outcome = await outcomeOf(async () => {
    await joinChallenge(await currentViewer(), slug, codeIn(form));
    return 'Joined.';
  });
  if (outcome && 'done' in outcome) redirect(`/challenges/${slug}`);
  return outcome;
}

export async function claim(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    await joinChallenge(await currentViewer(), slug, codeIn(form));
    refresh();
    return 'Done.';
  });
}

export async function savePseudonym(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    await setPseudonym(await currentViewer(), slug, String(form.get('pseudonym') ?? ''));
    refresh();
    return 'Saved. The board shows it from now on.';
  });
}

export async function dropPseudonym(slug: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await setPseudonym(await currentViewer(), slug, null);
    refresh();
    return 'The board shows your name from now on.';
  });
}

export async function leave(slug: string): Promise<Outcome> {
  const outcome = await outcomeOf(async () => {
    await leaveChallenge(await currentViewer(), slug);
    return 'You have left.';
  });
  if (outcome && 'done' in outcome) redirect('/');
  return outcome;
}
