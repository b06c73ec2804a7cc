'use server';
// What the buttons of the phases do; the verbs ask who it is, whether it is time, and write it down.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { setDeadline, setDeadlineAt } from '@/lib/challenges/close';
import { revealPhase } from '@/lib/challenges/reveal';
import { enterFinal } from '@/lib/evaluations/enter-final';
import { startReevaluation } from '@/lib/evaluations/reevaluate';
import { confirmed } from '../confirmed';

const kindIn = (form: FormData) => (form.get('phase') === 'final' ? 'final' : 'public');

export async function moveDeadline(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const { closesAt } = await setDeadlineAt(await currentViewer(), slug, String(form.get('deadline') ?? ''));
    refresh();
    return closesAt ? 'The deadline holds from now on.' : 'There is no deadline any more.';
  });
}

export async function closeAtOnce(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    confirmed(form, 'confirm-close', slug);
    await setDeadline(await currentViewer(), slug, new Date());
    refresh();
    return 'It is closed.';
  });
}

export async function runFinal(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const { entered, already, failed } = await enterFinal(await currentViewer(), slug, { anyway: form.has('final-anyway') });
    refresh();
    return `${entered} entered, ${already} were in it already, ${failed} left out because they failed without a score.`;
  });
}

export async function reveal(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const kind = kindIn(form);
    confirmed(form, `confirm-${kind}`, slug);
    await revealPhase(await currentViewer(), slug, kind, { anyway: form.has('reveal-anyway') });
    refresh();
    return `The seed of the ${kind} phase is published.`;
  });
}

export async function changeClass(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const reason = 'The attacks are measured again on another kind of worker, so that all scores stay comparable.';
    const { submissions } = await startReevaluation(await currentViewer(), slug, { phase: kindIn(form), which: 'all', reason, newClass: true });
    refresh();
    return `A re-evaluation of ${submissions} submissions has started. The board stays as it is until you apply it.`;
  });
}
