'use server';
// What the announcements page does on the server.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { deleteAnnouncement, postAnnouncement } from '@/lib/challenges/announcements';

export async function post(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const body = String(form.get('body') ?? '').replaceAll('\r\n', '\n');
    await postAnnouncement(await currentViewer(), slug, { title: String(form.get('title') ?? ''), body });
    refresh();
    return 'Posted. It stands on top of the leaderboard.';
  });
}

export async function remove(slug: string, id: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await deleteAnnouncement(await currentViewer(), slug, id);
    refresh();
    return 'Deleted.';
  });
}
