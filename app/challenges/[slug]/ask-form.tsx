'use client';
// The board's form where scripts run: what is typed or ticked is asked for at once, and the address stays short.
import { useRouter } from 'next/navigation';
import { startTransition, useEffect, useRef, type ReactNode } from 'react';

/** Typing is waited for; a board of thousands is searched on the server. */
const millisecondsOfTyping = 220;

/** `asked` is what is shown; `standard` are the columns that come by themselves, which no address names. */
export function AskForm({ asked, standard, children }: { asked: string; standard: string; children: ReactNode }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    // A link has changed what is asked: the fields follow, unless somebody is at them.
    if (!(document.activeElement instanceof HTMLInputElement && form.current?.contains(document.activeElement))) form.current?.reset();
  }, [asked]);

  useEffect(() => {
    // A panel closes when one looks elsewhere, as a menu does.
    const close = (event: Event) => {
      const panel = form.current?.querySelector<HTMLDetailsElement>('details[data-panel]');
      if (!panel?.open) return;
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !panel.contains(event.target as Node)) panel.open = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);

  const ask = () => {
    clearTimeout(timer.current);
    const href = addressOf(new FormData(form.current!), standard);
    if (href !== (location.search || '?')) startTransition(() => router.replace(href, { scroll: false }));
  };
  return (
    <form
      ref={form}
      role="search"
      aria-label="Board"
      className="flex min-w-0 flex-1 basis-80 flex-wrap items-center gap-x-4 gap-y-2"
      onInput={(event) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(ask, event.target instanceof HTMLInputElement && event.target.type === 'search' ? millisecondsOfTyping : 0);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      {children}
    </form>
  );
}

const byThemselves: Record<string, string> = { q: '', baselines: 'shown', tta: 'any', gradient: 'any' };

/** The form as an address, without what comes by itself. */
function addressOf(data: FormData, standard: string): string {
  const asked = new URLSearchParams();
  for (const [name, value] of data) if (name !== 'columns' && value !== byThemselves[name]) asked.append(name, String(value).trim());
  const columns = data.getAll('columns').filter((one) => one !== 'none').join(',');
  if (columns !== standard) asked.set('columns', columns || 'none');
  return `?${asked.toString().replaceAll('%2C', ',')}`;
}
