// Run by Next when the site's process starts: it refuses to serve without what it needs, makes every request's address true, and outlives
// its database; in production its console speaks into the log, and a signal lets it end what it began.

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const production = process.env.NODE_ENV === 'production';
  if (production) (await import('./lib/auth/complete-or-exit')).completeOrExit();
  (await import('./lib/requests/arrivals')).watchArrivals();
  (await import('./lib/db/client')).outliveDatabase();
  if (!production) return;
  (await import('./lib/console')).logConsole();
  const [{ drainOnSignals }, { env }] = [await import('./lib/drain'), await import('./lib/env')];
  drainOnSignals(env().DRAIN_SECONDS);
}
