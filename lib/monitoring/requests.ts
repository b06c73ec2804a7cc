// What this process itself counts for Prometheus: its memory and processor, how long requests to the API take, and who listens.
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

type Own = { registry: Registry; requests: Histogram<'method' | 'route' | 'status'>; streams: Gauge<'of'> };

// On globalThis, because Next may load this module once a route, and the counts are the process's.
const held = globalThis as typeof globalThis & { gauntletMetrics?: Own };

export function ownMetrics(): Own {
  if (held.gauntletMetrics) return held.gauntletMetrics;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'gauntlet_http_request_duration_seconds',
    help: 'Duration of requests to the API, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  const streams = new Gauge({
    name: 'gauntlet_event_streams',
    help: 'Pages that hear of changes as they happen, by what they show.',
    labelNames: ['of'],
    registers: [registry],
  });
  return (held.gauntletMetrics = { registry, requests, streams });
}

/** `route` is the path as the contract has it, with names in place of ids: each is a time series of its own. */
export function observeRequest(request: { method: string; route: string; status: number; seconds: number }): void {
  const { method, route, status, seconds } = request;
  ownMetrics().requests.observe({ method, route, status }, seconds);
}

/** A stream of events has been opened; call what is returned when it has ended. */
export function observeStream(of: string): () => void {
  const { streams } = ownMetrics();
  streams.inc({ of });
  return () => streams.dec({ of });
}
