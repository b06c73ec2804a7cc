'use server';
// What the page of notifications does on the server, always to the account of whoever asks; the link of a mail, to whom it names.
import { refresh } from 'next/cache';
import { currentViewer } from '@/lib/auth/session';
import { RequestError } from '@/lib/errors';
import { kindNames, type KindName } from '@/lib/notifications/kinds';
import { setPreferences } from '@/lib/notifications/preferences';
import { unsubscribe } from '@/lib/notifications/unsubscribe';
import { createWebhook, deleteWebhook, enableWebhook, testWebhook } from '@/lib/notifications/webhooks';
import { outcomeOf, type Outcome } from '../../ui/outcome';

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

export async function saveMail(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    const wanted = form.getAll('mail');
    await setPreferences(viewer, Object.fromEntries(kindNames.map((name) => [name, wanted.includes(name)])) as Record<KindName, boolean>);
    refresh();
    return 'Saved.';
  });
}

export type WebhookState = { secret: string; url: string } | { failed: string } | null;

export async function makeWebhook(_: WebhookState, form: FormData): Promise<WebhookState> {
  try {
    const { secret, url } = await createWebhook(await currentViewer(), text(form, 'url'), form.getAll('kind').map(String));
    refresh();
    return { secret, url };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

export async function tryWebhook(id: string): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    const { ok, outcome } = await testWebhook(viewer, id);
    refresh();
    if (!ok) throw new RequestError(409, `The test failed: ${outcome}.`);
    return `The test arrived: ${outcome}.`;
  });
}

export async function switchWebhook(id: string, enabled: boolean): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    await enableWebhook(viewer, id, enabled);
    refresh();
    return enabled ? 'Switched on.' : 'Switched off.';
  });
}

export async function dropWebhook(id: string): Promise<Outcome> {
  const viewer = await currentViewer();
  return outcomeOf(async () => {
    await deleteWebhook(viewer, id);
    refresh();
    return 'Deleted.';
  });
}

export async function turnMailOff(token: string): Promise<Outcome> {
  return outcomeOf(async () => {
    const { label } = await unsubscribe(token);
    return `Done. You get no mail any more when: ${label.toLowerCase()}.`;
  });
}
