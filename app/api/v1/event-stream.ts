// Server-sent events of one kind, from a generator that yields when there is news.
import { stopping } from '@/lib/drain';
import { observeStream } from '@/lib/monitoring/requests';

// Proxies and browsers drop connections that say nothing.
const keepAliveSeconds = 20;

/** One `name` event for each time `news` yields, with what it yields, until the asker is gone or this process stops. */
export function eventStream(name: string, news: (signal: AbortSignal) => AsyncIterable<object | void>, gone: AbortSignal): Response {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const unheard = AbortSignal.any([gone, cancelled.signal]);
  const signal = AbortSignal.any([unheard, stopping()]);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (text: string) => signal.aborted || controller.enqueue(encoder.encode(text));
      const ended = observeStream(name);
      const heartbeat = setInterval(() => say(': still here\n\n'), keepAliveSeconds * 1000);
      try {
        let before = 'retry: 2000\n\n';
        for await (const one of news(signal)) {
          say(`${before}event: ${name}\ndata: ${JSON.stringify(one ?? {})}\n\n`);
          before = '';
        }
      } finally {
        clearInterval(heartbeat);
        ended();
        if (!unheard.aborted) controller.close();
      }
    },
    cancel: () => cancelled.abort(),
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' } });
}
