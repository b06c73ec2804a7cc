'use server';
// What the page of teams does on the server; each verb asks who may.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { acceptInvitation, declineInvitation, inviteToTeam, withdrawInvitation } from '@/lib/challenges/team-invitations';
import { createTeam, dissolveTeam, handOverTeam, leaveTeam, removeFromTeam, renameTeam } from '@/lib/challenges/teams';

async function act(done: string, verb: (viewer: Viewer | null) => Promise<unknown>): Promise<Outcome> {
  return outcomeOf(async () => {
    await verb(await currentViewer());
    refresh();
    return done;
  });
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? '');

export async function found(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('The team is made. Invite others to it.', (viewer) => createTeam(viewer, slug, text(form, 'team-name')));
}

export async function rename(slug: string, teamId: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Renamed.', (viewer) => renameTeam(viewer, slug, teamId, text(form, 'team-name')));
}

export async function invite(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Invited. They find it on this page, and by e-mail where the site sends any.', (viewer) => inviteToTeam(viewer, slug, text(form, 'email')));
}

export async function withdraw(slug: string, userId: string): Promise<Outcome> {
  return act('The invitation is taken back.', (viewer) => withdrawInvitation(viewer, slug, userId));
}

export async function accept(slug: string, teamId: string): Promise<Outcome> {
  return act('You are in the team.', (viewer) => acceptInvitation(viewer, slug, teamId));
}

export async function decline(slug: string, teamId: string): Promise<Outcome> {
  return act('Declined.', (viewer) => declineInvitation(viewer, slug, teamId));
}

export async function leave(slug: string): Promise<Outcome> {
  return act('You have left the team.', (viewer) => leaveTeam(viewer, slug));
}

export async function remove(slug: string, userId: string): Promise<Outcome> {
  return act('They are out of the team.', (viewer) => removeFromTeam(viewer, slug, userId));
}

export async function handOver(slug: string, userId: string): Promise<Outcome> {
  return act('They lead the team now.', (viewer) => handOverTeam(viewer, slug, userId));
}

export async function dissolve(slug: string): Promise<Outcome> {
  return act('The team is dissolved.', (viewer) => dissolveTeam(viewer, slug));
}
