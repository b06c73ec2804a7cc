// The machines that evaluate: what they run on, whether they live, and how fast they are.
import { duration, whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { throughputMinutes, type WorkerView } from '@/lib/monitoring/machines';

const states = { alive: 'text-good', silent: 'text-bad', stopped: 'text-muted' } as const;

export function WorkerTable({ workers }: { workers: WorkerView[] }) {
  return (
    <div>
      <Table
        caption="Workers"
        empty="No worker has been seen today. Start one with: npm run worker"
        heads={[
          'Name', 'State', 'Engine', { number: 'At a time' }, { number: 'Shards/min' }, { number: 'Images/s' }, { number: 'Shards done' },
          { number: 'Child failures' }, 'Last heartbeat', 'Since',
        ]}
      >
        {workers.map((worker) => (
          <tr key={worker.id}>
            <Th>{worker.name}</Th>
            <Td>
              <span className={`font-medium ${states[worker.state]}`}>{worker.state}</span>
            </Td>
            <Td>
              {worker.engine}, {worker.device}
              {worker.missingLayers.map((layer) => (
                <span key={layer} className="block text-small text-warn">
                  {layer}
                </span>
              ))}
            </Td>
            <Td number>{worker.concurrency}</Td>
            <Td number>{worker.shardsPerMinute.toFixed(1)}</Td>
            <Td number>{whole(Math.round(worker.imagesPerSecond))}</Td>
            <Td number>{whole(worker.shardsDone)}</Td>
            <Td number>{whole(worker.childFailures)}</Td>
            <Td>{duration(worker.silentSeconds)} ago</Td>
            <Td>
              <Time at={worker.startedAt} />
            </Td>
          </tr>
        ))}
      </Table>
      <p className="mt-2 text-small text-muted">Throughput is of the last {throughputMinutes} minutes.</p>
    </div>
  );
}
