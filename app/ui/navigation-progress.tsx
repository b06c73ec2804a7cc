'use client';
// The thin line on top while the next page is on its way, for every link of the site. This, and no `loading.tsx`, is how pages
// load here: a loading.tsx above a page answers 200 before the page can say 404, 401 or 403. What is slow below the part of a
// page that authorises goes into <Suspense> with a <Skeleton>.
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';

/** A navigation that never arrives (a download, a redirect to where one is) must not load for ever. */
const longest = 15_000;

export function NavigationProgress() {
  const address = `${usePathname()}?${useSearchParams()}`;
  const [leaving, setLeaving] = useState<string | null>(null);
  useEffect(() => {
    const begin = (event: MouseEvent) => {
      if (leads(event)) setLeaving(`${location.pathname}?${new URLSearchParams(location.search)}`);
    };
    // Before the link's own handler, which stops the browser's navigation and with it the event's meaning.
    document.addEventListener('click', begin, true);
    return () => document.removeEventListener('click', begin, true);
  }, []);
  const loading = leaving === address;
  useEffect(() => {
    if (!loading) return;
    const timer = setTimeout(() => setLeaving(null), longest);
    return () => clearTimeout(timer);
  }, [loading]);
  return (
    <div role="status" className="contents">
      {loading && (
        <>
          <div aria-hidden className="progress-line fixed inset-x-0 top-0 z-50" />
          <span className="sr-only">Loading the page</span>
        </>
      )}
    </div>
  );
}

/** Whether a click goes to another page of this site, in this tab. */
function leads(event: MouseEvent): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  const link = (event.target as Element).closest?.('a');
  if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== location.origin) return false;
  return link.pathname !== location.pathname || link.search !== location.search;
}
