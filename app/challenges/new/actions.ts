'use server';
// What the form for a new challenge does: opens it, enters its baselines, and leads there.
import { redirect } from 'next/navigation';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { openChallenge } from '@/lib/challenges/open';
import { enterBaselines } from '@/lib/submissions/baselines';
import { aboutIn, baselinesIn, datesIn, policyIn, protocolIn } from '../fields/parse';

export async function makeChallenge(_: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const viewer = await currentViewer();
    const { slug } = await openChallenge(viewer, {
      ...datesIn(form),
      slug: String(form.get('slug') ?? ''),
      about: aboutIn(form),
      protocol: protocolIn(form),
      primaryMetric: String(form.get('primaryMetric') ?? ''),
      policy: policyIn(form),
      joinable: form.get('joinable') !== null,
    });
    await enterBaselines(viewer, slug, baselinesIn(form));
    redirect(`/challenges/${slug}/settings`);
  });
}
