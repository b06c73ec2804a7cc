// One figure of the board with its interval, drawn and written; or why there is none yet.
import { Whisker, type Range } from '@/app/ui/whisker';
import type { BoardRow } from '@/lib/leaderboard/board';
import type { Column } from './columns';

type Props = { column: Column; row: BoardRow; range: Range | null; primary: boolean };

export function Figure({ column, row, range, primary }: Props) {
  const estimate = column.estimate(row);
  if (!estimate || !range) return <Missing column={column} row={row} primary={primary} />;
  return (
    <>
      <div>
        <Whisker estimate={estimate} range={range} />
        {column.value(estimate)}
      </div>
      <small title={column.key === 'tta' ? row.bestTta!.policy : undefined}>{column.interval(estimate)}</small>
      {column.key === 'robust' && <Doubts row={row} />}
      {primary && <Running row={row} />}
    </>
  );
}

/** What a robust figure has to be read with: signs of gradient masking, or attacks that could not be run. */
function Doubts({ row: { score } }: { row: BoardRow }) {
  const flags = score?.flags.length ?? 0;
  return (
    <>
      {score?.notAttacked && (
        <span className="block text-micro font-normal text-muted" title={score.notAttacked}>
          score-based only
        </span>
      )}
      {flags > 0 && (
        <span className="block text-micro font-normal text-warn" title={score!.flags.map(({ sentence }) => sentence).join(' ')}>
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

function Missing({ column, row, primary }: Omit<Props, 'range'>) {
  const unfinished = row.status === 'queued' || row.status === 'running';
  if (primary && unfinished) return <Running row={row} />;
  if (column.key === 'robust' && row.withoutGradient.length > 0) {
    return (
      <span className="text-small text-muted" title={`No gradient is known for ${row.withoutGradient.join(', ')}`}>
        no gradient
      </span>
    );
  }
  return <Dash says={unfinished ? 'not yet' : 'none'} />;
}

function Running({ row: { status, progress } }: { row: BoardRow }) {
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
