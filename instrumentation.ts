// Run by Next when the site's process starts: in production whatever its console would say about an error goes into the log.

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') (await import('./lib/db/client')).outliveDatabase();
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.NODE_ENV === 'production') {
    (await import('./lib/console')).logConsole();
  }
}
