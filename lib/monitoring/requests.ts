// What this process itself counts for Prometheus: its memory and processor, and how long requests to the API take.
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

type Own = { registry: Registry; requests: Histogram<'method' | 'route' | 'status'> };

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
  return (held.gauntletMetrics = { registry, requests });
}

/** `route` is the path as the contract has it, with names in place of ids: each is a time series of its own. */
export function observeRequest(request: { method: string; route: string; status: number; seconds: number }): void {
  const { method, route, status, seconds } = request;
  ownMetrics().requests.observe({ method, route, status }, seconds);
}
