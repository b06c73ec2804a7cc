'use server';
// What the settings page does on the server: each form calls the verb that checks, changes and writes down.
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { aboutIn, baselinesIn, datesIn, policyIn, protocolIn } from '@/app/challenges/fields/parse';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { archiveChallenge, unarchiveChallenge } from '@/lib/challenges/archive';
import { closeNow, editAbout, openNow, setDates, setPolicy } from '@/lib/challenges/edit';
import { setJoinCode } from '@/lib/challenges/join-code';
import { pauseIntake, resumeIntake } from '@/lib/challenges/pause';
import { changeProtocol } from '@/lib/evaluations/change-protocol';
import { enterBaselines } from '@/lib/submissions/baselines';
import { cloneChallenge } from '@/lib/submissions/clone-challenge';

async function act(done: string, verb: (viewer: Viewer | null) => Promise<unknown>): Promise<Outcome> {
  return outcomeOf(async () => {
    await verb(await currentViewer());
    refresh();
    return done;
  });
}

export async function saveAbout(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved.', (viewer) => editAbout(viewer, slug, aboutIn(form)));
}

export async function saveDates(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved. These dates hold from now on.', (viewer) => setDates(viewer, slug, datesIn(form)));
}

export async function openAtOnce(slug: string): Promise<Outcome> {
  return act('It is open.', (viewer) => openNow(viewer, slug));
}

export async function closeAtOnce(slug: string): Promise<Outcome> {
  return act('It is closed.', (viewer) => closeNow(viewer, slug));
}

export async function pause(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Intake is paused. Students read why.', (viewer) => pauseIntake(viewer, slug, String(form.get('reason') ?? '')));
}

export async function resume(slug: string): Promise<Outcome> {
  return act('Submissions are taken again.', (viewer) => resumeIntake(viewer, slug));
}

export async function saveProtocol(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  const choice = protocolIn(form);
  const measuring = { protocol: choice.name === 'current' ? null : choice, primaryMetric: String(form.get('primaryMetric') ?? '') };
  return act('Saved. Baselines are measured anew where the protocol changed.', (viewer) => changeProtocol(viewer, slug, measuring));
}

export async function savePolicy(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Saved. They hold from the next submission on.', (viewer) => setPolicy(viewer, slug, policyIn(form)));
}

export async function addBaselines(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return act('Entered. Workers evaluate them behind all students’ work.', (viewer) => enterBaselines(viewer, slug, baselinesIn(form)));
}

export async function renewJoinCode(slug: string): Promise<Outcome> {
  return act('There is a new code; the old one is worth nothing.', (viewer) => setJoinCode(viewer, slug));
}

export async function switchJoinCodeOff(slug: string): Promise<Outcome> {
  return act('Nobody joins by a code any more.', (viewer) => setJoinCode(viewer, slug, { off: true }));
}

export async function archive(slug: string): Promise<Outcome> {
  return act('It is archived.', (viewer) => archiveChallenge(viewer, slug));
}

export async function unarchive(slug: string): Promise<Outcome> {
  return act('It is out of the archive.', (viewer) => unarchiveChallenge(viewer, slug));
}

export async function clone(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const text = (name: string) => String(form.get(name) ?? '');
    const made = await cloneChallenge(await currentViewer(), slug, { ...datesIn(form), slug: text('slug'), title: text('title') });
    redirect(`/challenges/${made.slug}/settings`);
  });
}
