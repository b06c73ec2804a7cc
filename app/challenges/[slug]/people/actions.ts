'use server';
// What the staff's page of one person does on the server; each verb asks who may.
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { RequestError } from '@/lib/errors';
import { getChallenge } from '@/lib/challenges/challenges';
import { setExtension, setExtraSuccesses } from '@/lib/challenges/extensions';
import { removeMember, setRole } from '@/lib/challenges/members';
import { addNote, deleteNote, type NoteSubject } from '@/lib/challenges/notes';
import { releasePlace } from '@/lib/challenges/places';
import { replacePseudonym } from '@/lib/challenges/pseudonyms';
import { moveToTeam } from '@/lib/challenges/team-invitations';
import { momentOf } from '@/lib/challenges/zoned';

async function act(done: string, verb: (viewer: Viewer | null) => Promise<unknown>): Promise<Outcome> {
  return outcomeOf(async () => {
    await verb(await currentViewer());
    refresh();
    return done;
  });
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** The time is of the challenge's zone; where the clocks go back, the later of the two. */
export async function extend(slug: string, userId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved. It holds from now on.', async (viewer) => {
    const until = text(form, 'until');
    const { timeZone } = await getChallenge(slug);
    await setExtension(viewer, slug, userId, until === '' ? null : momentOf(until, timeZone, 'second'));
  });
}

export async function grantSuccesses(slug: string, userId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved. It holds from now on.', (viewer) => setExtraSuccesses(viewer, slug, userId, Number(text(form, 'extra') || 'none')));
}

const roles = ['student', 'assistant', 'instructor'] as const;

export async function changeRole(slug: string, userId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved.', (viewer) => {
    const role = roles.find((one) => one === text(form, 'role'));
    if (!role) throw new RequestError(400, `A role is one of ${roles.join(', ')}.`);
    return setRole(viewer, slug, userId, role);
  });
}

export async function remove(slug: string, userId: string): Promise<Outcome> {
  const outcome = await outcomeOf(async () => {
    await removeMember(await currentViewer(), slug, userId);
    return 'Removed.';
  });
  if (outcome && 'done' in outcome) redirect(`/challenges/${slug}/people`);
  return outcome;
}

export async function moveTeam(slug: string, userId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Moved.', (viewer) => moveToTeam(viewer, slug, userId, text(form, 'team') || null));
}

export async function neutralise(slug: string, userId: string): Promise<Outcome> {
  return act('Replaced by a neutral one.', (viewer) => replacePseudonym(viewer, slug, userId));
}

export async function release(slug: string, placeId: string): Promise<Outcome> {
  return act('The place is free again.', (viewer) => releasePlace(viewer, slug, placeId));
}

export async function writeNote(slug: string, subject: NoteSubject, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Noted.', (viewer) => addNote(viewer, slug, subject, text(form, 'note')));
}

export async function removeNote(slug: string, noteId: string): Promise<Outcome> {
  return act('Deleted.', (viewer) => deleteNote(viewer, slug, noteId));
}
