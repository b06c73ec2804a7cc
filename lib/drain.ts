// The end of the site's process: streams close, requests under way may end, nothing new begins. Knows HTTP servers and no route.
import { subscribe } from 'node:diagnostics_channel';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './log.ts';
import { onStopSignals } from './signals.ts';

type Process = { stop: AbortController; servers: Set<Server>; running: Set<ServerResponse> };

// On globalThis, because Next loads this module once a route, and it is the process that stops.
const held = globalThis as typeof globalThis & { gauntletProcess?: Process };
const own = (): Process => (held.gauntletProcess ??= { stop: new AbortController(), servers: new Set(), running: new Set() });

/** Aborted when the process has been asked to stop: whoever answers without end stops then, so that browsers ask another process. */
export function stopping(): AbortSignal {
  return own().stop.signal;
}

/**
 * From now on SIGTERM and SIGINT end this process with code 0 once its requests have ended, after `seconds` at the latest; what has not
 * been answered by then is cut and was never acknowledged. Asked again, it ends at once with code 1.
 */
export function drainOnSignals(seconds: number): void {
  const { stop, servers, running } = own();
  subscribe('http.server.request.start', (message) => {
    const { server, response } = message as { server: Server; response: ServerResponse };
    servers.add(server);
    running.add(response.once('close', () => running.delete(response)));
    if (stop.signal.aborted) lastOfItsConnection(response);
  });
  // Next's own waits for open streams without end, and leaves with code 143.
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
  onStopSignals(
    (signal) => void drain(signal, seconds),
    (signal) => {
      log.warn({ signal, requests: running.size }, 'asked again to stop: the process ends at once');
      process.exit(1);
    },
  );
}

async function drain(signal: NodeJS.Signals, seconds: number): Promise<void> {
  const { stop, servers, running } = own();
  const began = performance.now();
  log.info({ signal, requests: running.size, seconds }, 'the site stops: it takes no more requests and lets those under way end');
  for (const response of running) lastOfItsConnection(response);
  for (const server of servers) server.close();
  stop.abort();
  const patience = sleep(seconds * 1000, 'over', { ref: false });
  for (const response of running) {
    const closed = new Promise((done) => response.once('close', done));
    if (running.has(response) && (await Promise.race([closed, patience])) === 'over') break;
  }
  const took = Math.round(performance.now() - began) / 1000;
  if (running.size > 0) log.warn({ requests: running.size, seconds: took }, 'requests were cut, because they did not end in time');
  else log.info({ seconds: took }, 'the site has stopped');
  process.exit(0);
}

/** A browser that kept the connection would send its next request into a process that is leaving. */
function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
