// What an upload turned out to be: the report or what is wrong, whether it was handed in before, and how its images go in.
import Link from 'next/link';
import { Notice } from '@/app/ui/notice';
import { Problem } from '@/app/ui/problem';
import { Time } from '@/app/ui/time';
import type { Protocol } from '@/lib/evaluation/trial';
import type { Draft } from '@/lib/submissions/drafts';
import type { Estimate } from '@/lib/submissions/estimate';
import type { HandedIn } from '@/lib/submissions/handed-in';
import { Arrival } from './arrival';
import { Meant } from './meant';
import { ReportCard } from './report-card';

type Props = { draft: Draft; earlier: readonly HandedIn[]; estimate: Estimate | null; protocol: Protocol };

export function Found({ draft: { id, report, problem }, earlier, estimate, protocol }: Props) {
  return (
    <Arrival draftId={id}>
      {problem && <Problem title="This model cannot be taken as it is" problem={problem} />}
      {earlier.length > 0 && <Earlier earlier={earlier} />}
      {report && estimate && <ReportCard report={report} estimate={estimate} total={protocol.trials.length} />}
      {(report || problem?.code === 'open-layout') && (
        <Meant draftId={id} report={report && { layout: report.layout, scaling: report.scaling }} />
      )}
    </Arrival>
  );
}

function Earlier({ earlier }: { earlier: readonly HandedIn[] }) {
  const very = earlier.some(({ same }) => same === 'model');
  return (
    <Notice tone="warn" role="note" title={very ? 'You have handed in this very model already' : 'You have handed in this file already, with its images fed in another way'}>
      <ul>
        {earlier.map(({ id, name, createdAt, same }) => (
          <li key={id}>
            As{' '}
            <Link href={`/submissions/${id}`} className="link font-medium">
              {name}
            </Link>
            , <Time at={createdAt} />
            {very && same === 'files' && ', with its images fed in another way'}
          </li>
        ))}
      </ul>
      {very && <p>It would get the same score again. Submit it only if you mean to.</p>}
    </Notice>
  );
}
