'use server';
// What the administrators' pages do on the server; the verbs ask who it is and write it down.
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { deletePerson, endSessionsOf, makeResetCode, setDisabled, setSiteRole } from '@/lib/accounts/administer';
import { currentViewer } from '@/lib/auth/session';
import { RequestError } from '@/lib/errors';
import { absolute } from '@/lib/notifications/links';
import { outcomeOf, type Outcome } from '../ui/outcome';

const personOf = (form: FormData) => String(form.get('person') ?? '');

export async function changeRole(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    await setSiteRole(viewer, personOf(form), String(form.get('role') ?? ''));
    refresh();
    return 'Changed.';
  });
}

export async function endSessions(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    await endSessionsOf(viewer, personOf(form));
    refresh();
    return 'Signed out everywhere.';
  });
}

export async function disable(_: Outcome, form: FormData): Promise<Outcome> {
  return change(form, true);
}

export async function enable(_: Outcome, form: FormData): Promise<Outcome> {
  return change(form, false);
}

async function change(form: FormData, disabled: boolean): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    await setDisabled(viewer, personOf(form), disabled);
    refresh();
    return disabled ? 'Disabled.' : 'Enabled.';
  });
}

/** What it has done is the link. */
export async function makeResetLink(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => absolute(`/reset-password?code=${await makeResetCode(viewer, personOf(form))}`));
}

export async function deleteAccountOf(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = await currentViewer();
  const outcome = await outcomeOf(async () => {
    if (!form.has('sure')) throw new RequestError(400, 'Tick the box, if you mean it.');
    await deletePerson(viewer, personOf(form));
    return 'Deleted.';
  });
  if (!outcome || 'failed' in outcome) return outcome;
  redirect('/administration');
}
