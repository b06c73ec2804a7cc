// The challenge's share of the queue, tier by tier in the order in which it is taken.
import { duration, whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import type { Desk } from '@/lib/monitoring/desk';
import { tiers as names } from '@/lib/monitoring/work';

export function QueueTable({ tiers, site }: Pick<Desk, 'tiers' | 'site'>) {
  const open = tiers.filter(({ queued, running }) => queued + running > 0);
  return (
    <div>
      <Table
        caption="Queue"
        empty="Nothing waits."
        heads={['Tier', { number: 'Evaluations' }, { number: 'Shards waiting' }, { number: 'Running' }, { number: 'Work, one core' }]}
      >
        {open.map(({ tier, evaluations, queued, running, seconds }) => (
          <tr key={tier}>
            <Th>{names[tier]}</Th>
            <Td number>{whole(evaluations)}</Td>
            <Td number>{whole(queued)}</Td>
            <Td number>{whole(running)}</Td>
            <Td number>{duration(seconds)}</Td>
          </tr>
        ))}
      </Table>
      <p className="mt-2 text-small text-muted">
        The whole site has {site.seconds > 0 ? `${duration(site.seconds)} of work for one core` : 'no work'} waiting or running
        {site.slots > 0 && site.seconds > 0 && `, about ${duration(site.seconds / site.slots)} with ${whole(site.slots)} at a time`}.
      </p>
    </div>
  );
}
