// Run by Next when the site's process starts: in production its console speaks into the log, and a signal lets it end what it began.

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') (await import('./lib/db/client')).outliveDatabase();
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.NODE_ENV === 'production') {
    (await import('./lib/console')).logConsole();
    const [{ drainOnSignals }, { env }] = [await import('./lib/drain'), await import('./lib/env')];
    drainOnSignals(env().DRAIN_SECONDS);
  }
}
