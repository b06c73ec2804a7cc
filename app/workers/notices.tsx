// What keeps work from being done, said above everything else.
import { whole } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import type { StalledClass } from '@/lib/monitoring/stalled';

export function WorkNotices({ alive, stalled }: { alive: number; stalled: StalledClass[] }) {
  return (
    <>
      {alive === 0 && (
        <Notice tone="warn" role="note" title="No worker is alive, so nothing is evaluated">
          <p>
            Start one on any machine that reaches the database: <code className="text-small">npm run worker</code>
          </p>
        </Notice>
      )}
      {alive > 0 &&
        stalled.map(({ numericsClass, shards }) => (
          <Notice
            key={numericsClass}
            tone="warn"
            role="note"
            title={`${whole(shards)} shards of attacks wait for a worker on ${numericsClass}`}
          >
            <p>
              The attacks of a phase all run on the engine, version and device that ran its first one, so that their results are
              comparable. No worker alive is of that class: start one, with the same version of Gauntlet if need be.
            </p>
          </Notice>
        ))}
    </>
  );
}
