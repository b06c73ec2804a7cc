// The numerics class of each phase, and leaving it, where no worker of it is left.
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { Notice } from '@/app/ui/notice';
import type { PhaseProgress } from '@/lib/monitoring/phases';
import { changeClass } from './actions';

type Props = { slug: string; phases: readonly PhaseProgress[]; may: boolean };

export function WorkerClass({ slug, phases, may }: Props) {
  return (
    <div className="space-y-6">
      {phases.map((phase) => (
        <div key={phase.kind} className="space-y-3">
          <p>
            <span className="font-medium">{phase.kind === 'public' ? 'Public phase' : 'Final phase'}:</span>{' '}
            {phase.numericsClass ?? <span className="text-muted">no attack has been run yet</span>}
          </p>
          {phase.stalled && (
            <Notice tone="warn" role="note" title="Attacks wait for such a worker, and none is alive">
              <p>
                Start one of that engine and version, and they go on. Where there will be none any more, as after an upgrade, have the whole
                phase run again on another kind: the board stays as it is until every submission has been measured there and you{' '}
                <Link href={`/challenges/${slug}/desk/reevaluations`} className="link">
                  apply it
                </Link>
                . Until then what waits goes on waiting.
              </p>
              {may && (
                <ActionForm action={changeClass.bind(null, slug)} label="Run the phase again on another kind of worker" tone="plain">
                  <input type="hidden" name="phase" value={phase.kind} />
                </ActionForm>
              )}
            </Notice>
          )}
        </div>
      ))}
    </div>
  );
}
