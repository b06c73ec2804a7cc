// Everything an instructor sets of a challenge, each part with its own button.
import type { Metadata } from 'next';
import { BaselineFields } from '@/app/challenges/fields/baseline-fields';
import { DateFields } from '@/app/challenges/fields/date-fields';
import { TitleField, WordFields } from '@/app/challenges/fields/about-fields';
import { PolicyFields } from '@/app/challenges/fields/policy-fields';
import { ProtocolField } from '@/app/challenges/fields/protocol-field';
import { ProtocolCost } from '@/app/challenges/fields/protocol-cost';
import { metricNames } from '@/app/challenges/fields/metrics';
import { TierCost } from '@/app/challenges/fields/tier-cost';
import { ActionForm } from '@/app/ui/action-form';
import { whole } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { Section } from '@/app/ui/section';
import { currentViewer } from '@/lib/auth/session';
import { builtInPreviews } from '@/lib/challenges/protocol-choice';
import { settingsOf, type Settings } from '@/lib/challenges/settings';
import { baselinesOf, offeredBaselines } from '@/lib/submissions/baselines';
import { addBaselines, saveAbout, saveDates, savePolicy, saveProtocol } from './actions';
import { Archive, Clone, Intake, JoinCode, Now } from './acts';

export const metadata: Metadata = { title: 'Settings' };

export default async function SettingsPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const here = `/challenges/${slug}/settings`;
  const [settings, entered] = await orNotFound(Promise.all([settingsOf(viewer, slug), baselinesOf(viewer, slug)]), here);
  const { challenge } = settings;
  return (
    <>
      <h1 className="text-display font-semibold">Settings</h1>
      <p className="mt-1 mb-6 max-w-[78ch] text-muted">
        Of {challenge.title}. Every change is written into the audit log, with what it was before.
      </p>
      {challenge.archived ? (
        <div className="mb-8">
          <Notice tone="info" role="note" title="This challenge is archived">
            <p>It can be read and cloned. To change it, take it out of the archive first.</p>
          </Notice>
        </div>
      ) : (
        <Editing settings={settings} entered={entered} />
      )}
      {settings.mayClone && <Clone slug={slug} />}
      <Archive challenge={challenge} />
    </>
  );
}

function Editing({ settings, entered }: { settings: Settings; entered: string[] }) {
  const { challenge, opens, closes, capacity } = settings;
  const { slug, timeZone, policy } = challenge;
  return (
    <>
      <Section id="dates" title="Dates" about={<Now challenge={challenge} />}>
        <ActionForm action={saveDates.bind(null, slug)} label="Save dates" keep>
          <DateFields zone={timeZone} dates={{ opens, closes }} />
          {settings.revealed && <p className="text-muted">A seed is public, so the challenge stays closed.</p>}
        </ActionForm>
      </Section>
      <Intake challenge={challenge} />
      <Section id="words" title="Words">
        <ActionForm action={saveAbout.bind(null, slug)} label="Save words" keep>
          <TitleField title={challenge.title} />
          <WordFields about={challenge} />
        </ActionForm>
      </Section>
      <JoinCode slug={slug} code={settings.joinCode} />
      <Measured settings={settings} />
      <Section
        id="policy"
        title="Quotas and rules"
        about={<p>They hold from the next submission on. In plain sentences they stand on the rules page.</p>}
      >
        <ActionForm action={savePolicy.bind(null, slug)} label="Save quotas and rules" className="space-y-8" keep>
          <PolicyFields policy={policy} capacity={<TierCost capacity={capacity} />} />
        </ActionForm>
      </Section>
      <Section
        id="baselines"
        title="Baselines"
        about={<p>Models that everybody can be compared with, evaluated behind all students’ work.</p>}
      >
        {offeredBaselines.every(({ name }) => entered.includes(name)) ? (
          <p className="text-muted">All {whole(offeredBaselines.length)} are entered.</p>
        ) : (
          <ActionForm action={addBaselines.bind(null, slug)} label="Enter the ticked ones" tone="plain" keep>
            <BaselineFields entered={entered} />
          </ActionForm>
        )}
      </Section>
    </>
  );
}

function Measured({ settings: { challenge, protocol, submitted } }: { settings: Settings }) {
  const promise = (
    <p>
      {submitted > 0
        ? `Students have submitted ${whole(submitted)} ${submitted === 1 ? 'model' : 'models'}: what they were promised to be measured ` +
          'by stays. To measure them by another version of the protocol, start a re-evaluation; for another challenge, clone this one.'
        : 'It can be changed until the first student submits. The seeds stay, and so do their promises.'}
    </p>
  );
  return (
    <Section id="measured" title="What is measured" about={promise}>
      {submitted > 0 ? (
        <div className="space-y-4">
          <ProtocolCost preview={protocol} />
          <p>
            <span className="text-muted">Ranked by</span> {metricNames[challenge.primaryMetric]}
          </p>
        </div>
      ) : (
        <ActionForm action={saveProtocol.bind(null, challenge.slug)} label="Save what is measured" keep>
          {/* Anew when another protocol has been saved: then that is the current one. */}
          <ProtocolField
            key={`${protocol.name} ${protocol.cost.seconds}`}
            builtIn={builtInPreviews()}
            current={{ protocol, metric: challenge.primaryMetric }}
          />
        </ActionForm>
      )}
    </Section>
  );
}
