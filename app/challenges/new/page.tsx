// Opening a challenge: everything about it on one page, with what it will cost before it is there.
import type { Metadata } from 'next';
import { ActionForm } from '@/app/ui/action-form';
import { Check } from '@/app/ui/inputs';
import { orNotFound } from '@/app/ui/or-not-found';
import { Section } from '@/app/ui/section';
import { currentViewer } from '@/lib/auth/session';
import { detailLimits } from '@/lib/challenges/details';
import { opener } from '@/lib/challenges/open';
import { policyOf } from '@/lib/challenges/policy';
import { builtInPreviews } from '@/lib/challenges/protocol-choice';
import { WordFields } from '../fields/about-fields';
import { BaselineFields } from '../fields/baseline-fields';
import { DateFields } from '../fields/date-fields';
import { PolicyFields } from '../fields/policy-fields';
import { ProtocolField } from '../fields/protocol-field';
import { TitleAndSlug } from '../fields/title-and-slug';
import { makeChallenge } from './actions';

export const metadata: Metadata = { title: 'New challenge' };

export default async function NewChallengePage() {
  const viewer = await currentViewer();
  await orNotFound((async () => opener(viewer))(), '/challenges/new');
  return (
    <>
      <h1 className="text-display font-semibold">New challenge</h1>
      <p className="mt-1 mb-6 max-w-[78ch] text-muted">
        You are its first instructor. Everything but its address can be changed later; what is measured, until the first student submits.
      </p>
      <ActionForm action={makeChallenge} label="Open the challenge" className="space-y-4 lg:[&>:not(section)]:ml-80" keep>
        <Section id="words" title="Words">
          <div className="space-y-4">
            <TitleAndSlug maxLength={detailLimits.title} />
            <WordFields />
            <Check
              label="Students may join by a code"
              name="joinable"
              defaultChecked
              hint="The code is drawn for you and stands in the settings, where it can be renewed or switched off."
            />
          </div>
        </Section>
        <Section id="dates" title="Dates">
          <div className="space-y-4">
            <DateFields />
          </div>
        </Section>
        <Section
          id="measured"
          title="What is measured"
          about={<p>The seeds of both phases are drawn at this moment; their SHA-256 stands on the board from then on.</p>}
        >
          <ProtocolField builtIn={builtInPreviews()} />
        </Section>
        <Section
          id="baselines"
          title="Baselines"
          about={<p>Models that everybody can be compared with. They are evaluated behind all students’ work.</p>}
        >
          <BaselineFields />
        </Section>
        <Section id="policy" title="Quotas and rules">
          <div className="space-y-8">
            <PolicyFields policy={policyOf({})} />
          </div>
        </Section>
      </ActionForm>
    </>
  );
}
