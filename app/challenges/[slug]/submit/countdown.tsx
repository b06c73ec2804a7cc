'use client';
// How long until a moment, by the server's clock, counting down; when it has come the page asks what holds now.
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { remaining } from './remaining';

/** `now` is the server's when it rendered. */
type Props = { until: string; now: string };

export function Countdown({ until, now }: Props) {
  const router = useRouter();
  const [left, setLeft] = useState(() => Date.parse(until) - Date.parse(now));
  useEffect(() => {
    const ahead = Date.parse(now) - Date.now();
    const tick = () => setLeft(Date.parse(until) - Date.now() - ahead);
    tick();
    const timer = setInterval(tick, 1000);
    const milliseconds = Date.parse(until) - Date.parse(now);
    // A timer beyond 24 days goes off at once.
    const arrival = milliseconds > 0 && milliseconds < 2 ** 31 ? setTimeout(() => router.refresh(), milliseconds + 500) : undefined;
    return () => {
      clearInterval(timer);
      clearTimeout(arrival);
    };
  }, [until, now, router]);
  const tone = left < 600_000 ? 'text-bad' : left < 3_600_000 ? 'text-warn' : 'text-muted';
  return (
    <span role="timer" className={`figures font-medium whitespace-nowrap ${tone}`}>
      {remaining(left)}
    </span>
  );
}
