'use client';
// Listens for news of a submission and has the server render the page's parts anew, in place.
import { useRouter } from 'next/navigation';
import { startTransition, useEffect } from 'react';
import { millisecondsBetween } from './refresh-delay';

export function Live({ submissionId }: { submissionId: string }) {
  const router = useRouter();
  useEffect(() => {
    const events = new EventSource(`/api/v1/submissions/${submissionId}/events`);
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      last = Date.now();
      // In a transition React keeps what is shown until the new parts are ready: nothing flickers.
      startTransition(() => router.refresh());
    };
    events.addEventListener('progress', () => {
      timer ??= setTimeout(refresh, Math.max(0, last + millisecondsBetween - Date.now()));
    });
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, [router, submissionId]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content="10" />
    </noscript>
  );
}
