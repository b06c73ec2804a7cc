'use client';
// Hears that the board has changed and has the server render it anew, in place: what was scrolled to, focused and sorted stays.
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { refreshDelay } from './refresh-delay';

const marked = 2500;
/** A rendering that has not arrived by then is waited for no longer. */
const patience = 60_000;

/** `version` is the board's, `asked` what of it is shown. */
export function LiveBoard({ slug, version, asked }: { slug: string; version: number; asked: string }) {
  const router = useRouter();
  const [updated, setUpdated] = useState<number | null>(null);
  const seen = useRef<Map<string, string>>(null);
  const refreshing = useRef(false);
  const shown = useRef(version);
  const [pending, startTransition] = useTransition();
  /** Told when a rendering has arrived. */
  const arrived = useRef(() => {});

  useEffect(() => {
    if (typeof EventSource === 'undefined') return;
    const events = new EventSource(`/api/v1/challenges/${encodeURIComponent(slug)}/events`);
    let last = Date.now();
    let took = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let underWay = false;
    let waiting = false;
    let watching = 1;
    const refresh = () => {
      timer = undefined;
      waiting = document.visibilityState !== 'visible';
      if (waiting) return;
      last = Date.now();
      underWay = refreshing.current = true;
      startTransition(() => router.refresh());
    };
    const soon = () => {
      // What changes while a rendering is under way may be in it or not.
      if (underWay && Date.now() - last < patience) waiting = true;
      else timer ??= setTimeout(refresh, refreshDelay({ since: Date.now() - last, took, watching }));
    };
    arrived.current = () => {
      if (!underWay) return;
      underWay = false;
      took = Date.now() - last;
      look();
    };
    const look = () => {
      if (!waiting || document.visibilityState !== 'visible') return;
      waiting = false;
      soon();
    };
    const hear = ({ data }: MessageEvent<string>) => {
      // The first event says what had changed before it was listened to.
      const { version: now = Infinity, watching: others } = JSON.parse(data) as { version?: number; watching: number };
      watching = others;
      if (now > shown.current) soon();
    };
    events.addEventListener('board', hear);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      arrived.current = () => {};
      document.removeEventListener('visibilitychange', look);
      events.close();
    };
  }, [router, slug, startTransition]);

  useEffect(() => {
    if (!pending) arrived.current();
  }, [pending]);

  useEffect(() => {
    shown.current = version;
    const before = seen.current;
    const now = new Map(rowsOf().map((row) => [row.dataset.row!, textOf(row)]));
    seen.current = now;
    if (!before || !refreshing.current) return;
    refreshing.current = false;
    setUpdated(Date.now());
    const changed = rowsOf().filter(({ dataset: { row } }) => before.has(row!) && before.get(row!) !== now.get(row!));
    for (const row of changed) row.dataset.changed = '';
    const unmark = () => changed.forEach((row) => delete row.dataset.changed);
    const timer = setTimeout(unmark, marked);
    return () => {
      clearTimeout(timer);
      unmark();
    };
  }, [version, asked]);

  return <Ago since={updated} />;
}

const rowsOf = () => [...document.querySelectorAll<HTMLTableRowElement>('.standings tbody tr')];
/** Without the place, which changes for many when one moves. */
const textOf = (row: HTMLTableRowElement) => [...row.cells].slice(1).map(({ textContent }) => textContent).join('|');

/** Nothing before the first change is seen, and in words that need no clock. */
function Ago({ since }: { since: number | null }) {
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    setMinutes(0);
    if (since === null) return;
    const timer = setInterval(() => setMinutes(Math.floor((Date.now() - since) / 60_000)), 15_000);
    return () => clearInterval(timer);
  }, [since]);
  return <span className="text-muted">{since === null ? '' : minutes === 0 ? 'Updated just now' : `Updated ${minutes} min ago`}</span>;
}
