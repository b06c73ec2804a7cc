'use client';
// The board by keyboard: from row to row, open one, search, and to one's own place. Links of the table and its pages are followed without loading anew.
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const stored = 'gauntlet-board-keys';
const keys = [
  ['j', 'k', 'next and previous row; within a row the arrows do the same'],
  ['Enter', null, 'open the row’s submission'],
  ['/', null, 'search'],
  ['m', null, 'to your own row'],
  ['?', null, 'this list'],
] as const;
const rows = () => [...document.querySelectorAll<HTMLTableRowElement>('.standings tbody tr')];

export function BoardKeys({ mineHref }: { mineHref: string | null }) {
  const router = useRouter();
  // Letters alone can be in the way of who speaks to a browser, so that they can be switched off.
  const [on, setOn] = useState<boolean | null>(null);
  useEffect(() => setOn(localStorage.getItem(stored) !== 'off'), []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest('input, textarea, select, summary, [contenteditable], dialog')) return;
      const row = target.closest<HTMLTableRowElement>('.standings tbody tr');
      const act = actionOf(event.key, row, on ?? true, mineHref !== null);
      if (!act) return;
      event.preventDefault();
      if (act === 'mine') router.push(mineHref!);
      else act();
    };
    const click = (event: MouseEvent) => {
      const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('.standings a, .board-pages a');
      if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      // Another order of the same page is shown where one is.
      router.push(link.pathname + link.search + link.hash, { scroll: link.closest('thead') === null });
    };
    document.addEventListener('keydown', press);
    document.addEventListener('click', click);
    return () => {
      document.removeEventListener('keydown', press);
      document.removeEventListener('click', click);
    };
  }, [router, mineHref, on]);

  // Keys need scripts, and so does their list: no document carries it.
  if (on === null) return null;
  return (
    <>
      <dl className="mt-1 grid w-fit grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {keys.map(([one, other, says]) => (
          <div key={one} className="contents">
            <dt>
              <Key>{one}</Key> {other && <Key>{other}</Key>}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-2 flex items-center gap-2">
        <input
          type="checkbox"
          checked={on}
          onChange={({ target: { checked } }) => {
            setOn(checked);
            localStorage.setItem(stored, checked ? 'on' : 'off');
          }}
          className="size-4 accent-accent"
        />
        Single letters act as keys
      </label>
    </>
  );
}

const Key = ({ children }: { children: string }) => <kbd className="rounded-small border border-line-strong px-1.5">{children}</kbd>;

/** Arrows and Enter act within a row alone, where they scroll and press nothing. */
function actionOf(key: string, row: HTMLTableRowElement | null, letters: boolean, own: boolean): (() => void) | 'mine' | null {
  const by = (step: number) => () => {
    const all = rows();
    const at = row ? all.indexOf(row) + step : step > 0 ? 0 : all.length - 1;
    const next = all[Math.max(0, Math.min(all.length - 1, at))];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  };
  if (row && key === 'ArrowDown') return by(1);
  if (row && key === 'ArrowUp') return by(-1);
  if (row && key === 'Enter' && document.activeElement === row) return () => row.querySelector('a')?.click();
  if (!letters) return null;
  if (key === 'j') return by(1);
  if (key === 'k') return by(-1);
  if (key === 'm' && own) return 'mine';
  if (key === '/') return () => document.querySelector<HTMLInputElement>('input[name=q]')?.focus();
  if (key === '?') {
    return () => {
      const help = document.querySelector<HTMLDetailsElement>('#board-keys');
      if (help) help.open = !help.open;
      help?.scrollIntoView({ block: 'nearest' });
    };
  }
  return null;
}
