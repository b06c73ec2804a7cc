// Cloning a challenge: what the new one has of its own.
import type { Metadata } from 'next';
import { DateFields } from '@/app/challenges/fields/date-fields';
import { TitleAndSlug } from '@/app/challenges/fields/title-and-slug';
import { ActionForm } from '@/app/ui/action-form';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { detailLimits } from '@/lib/challenges/details';
import { opener } from '@/lib/challenges/open';
import { admitted } from '@/lib/challenges/standing';
import { clone } from '../actions';

export const metadata: Metadata = { title: 'Clone' };

export default async function ClonePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const both = async () => {
    const found = await admitted(viewer, slug, 'instructor');
    opener(viewer);
    return found;
  };
  const { challenge } = await orNotFound(both(), `/challenges/${slug}/settings/clone`);
  return (
    <div className="max-w-[56rem]">
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Clone</h1>
      <p className="mt-1 mb-6 max-w-[78ch] text-muted">
        The clone has this challenge’s description, rules, visibility, protocol, metric, quotas, grading rule and baselines, under fresh seeds
        and with a join code of its own. You are its only member, and no student’s submission comes along.
      </p>
      <ActionForm action={clone.bind(null, slug)} label="Clone the challenge" keep>
        <TitleAndSlug title={`${challenge.title} (copy)`} maxLength={detailLimits.title} />
        <DateFields zone={challenge.timeZone} />
      </ActionForm>
    </div>
  );
}
