// The desk in a line of figures, each with a way to what is behind it.
import { BigFacts, type BigFact } from '@/app/ui/fact-list';
import { duration, whole } from '@/app/ui/format';
import type { Desk } from '@/lib/monitoring/desk';

export function Figures({ desk: { challenge, counts, tiers, site } }: { desk: Desk }) {
  const base = `/challenges/${challenge.slug}`;
  const queued = tiers.reduce((sum, tier) => sum + tier.queued, 0);
  const seconds = tiers.reduce((sum, tier) => sum + tier.seconds, 0);
  const facts: BigFact[] = [
    { term: 'Students', value: whole(counts.students), note: counts.unclaimed > 0 && `${whole(counts.unclaimed)} more have not signed up`, href: `${base}/people` },
    { term: 'Without a submission', value: whole(counts.withoutSubmission), note: 'of those signed up', href: `${base}/people?show=unsubmitted` },
    {
      term: 'Submissions',
      value: whole(counts.submissions),
      note: `${whole(counts.late)} late, ${whole(counts.disqualified)} disqualified`,
      href: `/submissions?of=all&challenge=${challenge.slug}`,
    },
    { term: 'Open regrade requests', value: whole(counts.openRegrades), href: `${base}/desk/regrades` },
    { term: 'Flagged for masking', value: whole(counts.flagged), note: 'evaluations', href: `${base}/desk/class?flagged=1` },
    {
      term: 'Shards waiting',
      value: whole(queued),
      note: seconds > 0 ? `${duration(seconds)} of one core${site.slots > 0 ? `, ${site.slots} at a time` : ''}` : 'nothing to do',
    },
  ];
  return <BigFacts facts={facts} />;
}
