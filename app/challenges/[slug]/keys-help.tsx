// Which keys the board knows, folded away under it.
import { Prerendered } from '@/app/ui/prerendered';
import { BoardKeys } from './keys';

const keys = [
  ['j', 'k', 'next and previous row; within a row the arrows do the same'],
  ['Enter', null, 'open the row’s submission'],
  ['/', null, 'search'],
  ['m', null, 'to your own row'],
  ['?', null, 'this list'],
] as const;

export function KeysHelp({ mineHref }: { mineHref: string | null }) {
  return (
    <details id="board-keys" className="mt-3 text-small text-muted max-sm:hidden print:hidden">
      <summary className="inline-flex min-h-6 w-fit items-center rounded-small hover:text-ink">Keys</summary>
      <Prerendered name="keys" of={Keys} given={{}} as="dl" place={{ className: 'mt-1 grid w-fit grid-cols-[auto_1fr] gap-x-4 gap-y-1' }} />
      <BoardKeys mineHref={mineHref} />
    </details>
  );
}

function Keys() {
  return (
    <>
      {keys.map(([one, other, says]) => (
        <div key={one} className="contents">
          <dt>
            <kbd className="rounded-small border border-line-strong px-1.5">{one}</kbd>
            {other && (
              <>
                {' '}
                <kbd className="rounded-small border border-line-strong px-1.5">{other}</kbd>
              </>
            )}
          </dt>
          <dd>{says}</dd>
        </div>
      ))}
    </>
  );
}
