'use server';
// What the re-evaluation pages do; the verbs ask who it is, refuse what would mix a board, and write it down.
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { applyReevaluation, cancelReevaluation, extendReevaluation } from '@/lib/evaluations/decide-reevaluation';
import { startReevaluation, type Rerun } from '@/lib/evaluations/reevaluate';

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

/** `chosen` takes ids and addresses of submissions' pages, in any order. */
function whichIn(form: FormData): Rerun['which'] {
  const which = text(form, 'which');
  if (which !== 'chosen') return which === 'failed' ? 'failed' : 'all';
  return [...new Set(text(form, 'chosen').match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [])];
}

export async function start(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  const protocol = text(form, 'protocol');
  let id = '';
  const outcome = await outcomeOf(async () => {
    const started = await startReevaluation(await currentViewer(), slug, {
      phase: text(form, 'phase') === 'final' ? 'final' : 'public',
      which: whichIn(form),
      reason: text(form, 'reason'),
      protocol: protocol === 'present' ? null : { name: protocol, own: text(form, 'own') },
      newClass: form.has('new-class'),
    });
    id = started.id;
    return 'Started.';
  });
  if (id) redirect(`/challenges/${slug}/desk/reevaluations/${id}`);
  return outcome;
}

export async function apply(slug: string, id: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    await applyReevaluation(await currentViewer(), slug, id, { anyway: form.has('anyway') });
    refresh();
    return 'Applied. The ranks are computed again in a moment.';
  });
}

export async function cancel(slug: string, id: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await cancelReevaluation(await currentViewer(), slug, id);
    refresh();
    return 'Cancelled. Everything stays as it was.';
  });
}

export async function extend(slug: string, id: string): Promise<Outcome> {
  return outcomeOf(async () => {
    const added = await extendReevaluation(await currentViewer(), slug, id);
    refresh();
    return `${added} added.`;
  });
}
