// The rules of a challenge: its instructors' words, then what holds by its settings, its dates, and what a submission costs.
import type { Metadata } from 'next';
import { span } from '@/app/challenges/fields/tier-cost';
import { FactList, type Fact } from '@/app/ui/fact-list';
import { duration } from '@/app/ui/format';
import { Prose } from '@/app/ui/markdown';
import { orNotFound } from '@/app/ui/or-not-found';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import { capacityOf, type Capacity } from '@/lib/challenges/capacity';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { admitted } from '@/lib/challenges/standing';
import { zonedText } from '@/lib/challenges/zoned';
import { metricName } from '../columns';
import { sentences } from './sentences';

export const metadata: Metadata = { title: 'Rules' };

export default async function RulesPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const { challenge } = await orNotFound(admitted(await currentViewer(), slug), `/challenges/${slug}/rules`);
  const metric = metricName[challenge.primaryMetric];
  return (
    <>
      <h1 className="text-display font-semibold">Rules</h1>
      <Dates challenge={challenge} ranked={metric[0].toUpperCase() + metric.slice(1)} />
      <div className="mt-8 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="min-w-0">
          {challenge.rules ? (
            <Prose text={challenge.rules} />
          ) : (
            <p className="text-muted">The instructors have written no rules of their own. What holds here is what the settings say.</p>
          )}
        </div>
        <div className="min-w-0 space-y-8">
          <Settings challenge={challenge} metric={metric} />
          <Cost capacity={await capacityOf(challenge)} protocol={challenge.protocol.name} />
        </div>
      </div>
    </>
  );
}

function Dates({ challenge: { state, opensAt, closesAt, timeZone, protocol }, ranked }: { challenge: ChallengeView; ranked: string }) {
  const moment = (at: string) => (
    <>
      <Time at={at} />
      <span className="block text-small font-normal text-muted">{zonedText(new Date(at), timeZone)}</span>
    </>
  );
  const facts: Fact[] = [
    [state === 'upcoming' ? 'Opens' : 'Opened', moment(opensAt)],
    [state === 'closed' ? 'Closed' : 'Closes', closesAt ? moment(closesAt) : 'no deadline'],
    ['Protocol', <code key="protocol">{protocol.name}</code>],
    ['Ranked by', ranked],
  ];
  return <FactList facts={facts} />;
}

function Settings({ challenge, metric }: { challenge: ChallengeView; metric: string }) {
  return (
    <section aria-labelledby="holds">
      <h2 id="holds" className="text-title font-semibold">
        What holds here
      </h2>
      <dl className="mt-3 space-y-3">
        {sentences(challenge, metric).map(({ about, says }) => (
          <div key={about}>
            <dt className="font-medium">{about}</dt>
            {says.map((sentence) => (
              <dd key={sentence} className="text-muted">
                {sentence}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}

function Cost({ capacity: { headlineSeconds, fullSeconds, queuedSeconds, slots }, protocol }: { capacity: Capacity; protocol: string }) {
  return (
    <section aria-labelledby="cost">
      <h2 id="cost" className="text-title font-semibold">
        What a submission costs
      </h2>
      <p className="mt-3 text-muted">
        A model like the reference CNN takes about <span className="figures text-ink">{duration(headlineSeconds)}</span> of one core for
        clean and mixed, and <span className="figures text-ink">{duration(fullSeconds)}</span> for all of{' '}
        <code className="text-small">{protocol}</code>. A larger one takes longer. Headlines of everybody run before anything else.
      </p>
      <p className="mt-2 text-muted">
        Waiting now, of all challenges: <span className="text-ink">{queuedSeconds > 0 ? span(queuedSeconds, slots) : 'nothing'}</span>.
      </p>
    </section>
  );
}
