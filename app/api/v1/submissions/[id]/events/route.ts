// GET: server-sent events, one `progress` each time something of the submission changed. What changed is read elsewhere.
import { submissions } from '@/lib/api';
import { progressEvents } from '@/lib/evaluations/progress';
import { getSubmission } from '@/lib/submissions/read';
import { endpoint } from '../../../endpoint';

// Proxies and browsers drop connections that say nothing.
const keepAliveSeconds = 20;

export const GET = endpoint(submissions.events, async ({ request, viewer, params }) => {
  const { id } = await getSubmission(viewer, params.id);
  return new Response(eventStream(id, request.signal), {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' },
  });
});

function eventStream(submissionId: string, gone: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const signal = AbortSignal.any([gone, cancelled.signal]);
  return new ReadableStream({
    async start(controller) {
      const say = (text: string) => signal.aborted || controller.enqueue(encoder.encode(text));
      // The first event covers whatever happened between the page and this connection.
      say('retry: 2000\n\nevent: progress\ndata: {}\n\n');
      const heartbeat = setInterval(() => say(': still here\n\n'), keepAliveSeconds * 1000);
      try {
        for await (const _ of progressEvents(submissionId, signal)) say('event: progress\ndata: {}\n\n');
      } finally {
        clearInterval(heartbeat);
        if (!signal.aborted) controller.close();
      }
    },
    cancel: () => cancelled.abort(),
  });
}
