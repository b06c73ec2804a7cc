// What of the board is shown: search, filters and columns as one form, which works as a plain GET where nothing runs in the browser.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { button } from '@/app/ui/button';
import type { Metric } from '@/lib/evaluation/score';
import { wholeBoard, type BoardAsk } from '@/lib/leaderboard/arrange';
import { hrefAsking, hrefOf, parametersOf, type Address } from './address';
import { AskForm } from './ask-form';
import { shownColumns } from './columns';
import { choices, names, type Choice } from './choices';
import { Filters } from './filters';

type Props = { address: Address; primary: Metric; signedIn: boolean };

export function Controls({ address, primary, signedIn }: Props) {
  const { ask } = address;
  const shown = shownColumns(primary, address.columns).map(({ key }) => key);
  // What the form has no field for travels along.
  const kept = parametersOf(address, { page: 1 }).filter(([name]) => ['phase', 'view', 'sort', 'x', 'y'].includes(name));
  return (
    <AskForm asked={hrefOf(address)} standard={shownColumns(primary, null).map(({ key }) => key).filter((key) => key !== primary).join(',')}>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label className="relative block flex-1 basis-56 sm:max-w-72">
        <span className="sr-only">Search by name</span>
        <input
          type="search"
          name="q"
          defaultValue={ask.search}
          maxLength={100}
          placeholder="Search students and models"
          autoComplete="off"
          enterKeyHint="search"
          className="w-full rounded-base border border-line-strong bg-surface px-3 py-1.5 text-base placeholder:text-muted"
        />
      </label>
      {signedIn && (
        <label className="flex min-h-8 items-center gap-2 text-small">
          <input type="checkbox" name="mine" value="1" defaultChecked={ask.mine} className="size-4 accent-accent" />
          Mine
        </label>
      )}
      <details className="group relative" data-panel>
        <summary className={`${button.plain} px-3 py-1.5 text-small`}>Filters and columns</summary>
        <div className="absolute left-0 z-20 mt-1 grid w-80 max-w-[88vw] gap-4 rounded-base border border-line-strong bg-surface p-4 text-small shadow-[0_8px_24px_rgb(0_0_0/0.14)] max-sm:-left-16">
          <Filters chosen={{ baselines: ask.baselines, tta: ask.tta, gradient: ask.gradient }} primary={primary} shown={shown} />
          <button type="submit" className={`${button.plain} px-3 py-1.5 text-small`}>
            Show
          </button>
        </div>
      </details>
      <Chips address={address} />
    </AskForm>
  );
}

/** What narrows the board, each to be taken off again. */
function Chips({ address }: { address: Address }) {
  const { ask } = address;
  const chip = (without: Partial<BoardAsk>, text: ReactNode) => (
    <Link
      key={Object.keys(without)[0]}
      href={hrefAsking(address, without)}
      prefetch={false}
      scroll={false}
      className="inline-flex min-h-7 items-center gap-1 rounded-full bg-accent-wash px-2.5 hover:bg-sunken"
    >
      {text}
      <span aria-hidden>×</span>
      <span className="sr-only">: show all again</span>
    </Link>
  );
  const narrowing = (Object.keys(choices) as Choice[]).filter((name) => ask[name] !== wholeBoard[name]);
  if (narrowing.length === 0 && !ask.search && !ask.mine) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5 text-small">
      {ask.search && chip({ search: '' }, <>“{ask.search}”</>)}
      {ask.mine && chip({ mine: false }, 'mine')}
      {narrowing.map((name) =>
        chip({ [name]: wholeBoard[name] }, `${names[name]}: ${(choices[name] as readonly (readonly [string, string])[]).find(([value]) => value === ask[name])![1]}`),
      )}
      <Link href={hrefOf(address, { ask: { ...wholeBoard, sort: ask.sort } })} prefetch={false} scroll={false} className="link px-1">
        Clear
      </Link>
    </div>
  );
}
