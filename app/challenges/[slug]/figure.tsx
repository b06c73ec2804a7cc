// One figure of the board with its interval, drawn and written; or why there is none yet.
import type { CSSProperties } from 'react';
import type { ListedRow } from '@/lib/leaderboard/board';
import { estimateOf, type Scale } from '@/lib/leaderboard/field';
import type { FigureColumn } from './columns';

type Props = { column: FigureColumn; row: ListedRow; scale: Scale | null; primary: boolean };

export function Figure({ column, row, scale, primary }: Props) {
  const estimate = estimateOf(row, column.key);
  if (!estimate || !scale) return <Missing column={column} row={row} primary={primary} />;
  const width = scale.to - scale.from || 1;
  const at = (x: number) => `${+(((x - scale.from) / width) * 100).toFixed(1)}%`;
  const { low, high, value } = estimate;
  return (
    <>
      <small title={column.key === 'tta' ? row.bestTta!.policy : undefined}>{column.interval(estimate)}</small>
      {column.key === 'robust' && <Doubts row={row} />}
      {column.value(estimate)}
      <i style={{ '--lo': at(low), '--hi': at(high), '--at': at(value) } as CSSProperties} />
      {primary && <Running row={row} />}
    </>
  );
}

/** What a robust figure has to be read with: signs of gradient masking, or attacks that could not be run. */
function Doubts({ row: { score } }: { row: ListedRow }) {
  const flags = score?.flags.length ?? 0;
  return (
    <>
      {score?.notAttacked && (
        <abbr className="mr-1.5 text-micro font-normal text-muted no-underline" title={`Score-based attacks only. ${score.notAttacked}`}>
          partial
        </abbr>
      )}
      {flags > 0 && (
        <span className="mr-1.5 text-micro font-normal text-warn" title={score!.flags.map(({ sentence }) => sentence).join(' ')}>
          {flags} {flags === 1 ? 'flag' : 'flags'}
        </span>
      )}
    </>
  );
}

/** Nothing to show, and why for whoever cannot see that. */
export function Dash({ says }: { says: string }) {
  return (
    <span className="text-muted">
      <span aria-hidden>–</span>
      <span className="sr-only">{says}</span>
    </span>
  );
}

function Missing({ column, row, primary }: Omit<Props, 'scale'>) {
  const unfinished = row.status === 'queued' || row.status === 'running';
  if (primary && unfinished) return <Running row={row} />;
  if (primary && row.status === 'failed') return <span className="text-small font-normal text-bad">failed</span>;
  if (column.key === 'robust' && row.withoutGradient.length > 0) {
    return (
      <span className="text-small text-muted" title={`No gradient is known for ${row.withoutGradient.join(', ')}`}>
        no gradient
      </span>
    );
  }
  return <Dash says={unfinished ? 'not yet' : 'none'} />;
}

function Running({ row: { status, progress } }: { row: ListedRow }) {
  if (status !== 'queued' && status !== 'running') return null;
  const share = Math.floor(progress * 100);
  return (
    <span className="block text-small font-normal text-muted">
      {status === 'queued' ? 'queued' : `running ${share} %`}
      <span aria-hidden className="mt-0.5 block h-0.5 bg-line">
        <span className="block h-full bg-accent" style={{ width: `${share}%` }} />
      </span>
    </span>
  );
}
