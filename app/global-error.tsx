'use client';
// The last resort, when even the page's frame could not be made (the database is away): no styles, no components.
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body
        style={{
          colorScheme: 'light dark',
          fontFamily: 'system-ui, sans-serif',
          maxWidth: '34rem',
          margin: '20vh auto',
          padding: '0 1rem',
          lineHeight: 1.5,
        }}
      >
        <h1>Gauntlet is out of reach for a moment</h1>
        <p>The site could not reach its database. Nothing is lost; try again in a minute.</p>
        {error.digest && <p>If it stays, tell your instructor this number: {error.digest}</p>}
        <button type="button" onClick={retry}>
          Try again
        </button>
      </body>
    </html>
  );
}
