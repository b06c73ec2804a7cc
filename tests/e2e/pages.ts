// Every page of the site: who is shown it, and at which addresses. The one table of the axe sweep, the screenshots and the measurements.

export const roles = ['visitor', 'student', 'instructor', 'administrator'] as const;
export type Role = (typeof roles)[number];
/** What stands for the parameters of addresses, by the folder before the parameter or by its own name: `submissions/id`, `slug`. */
export type Samples = Readonly<Record<string, string | undefined>>;
type Row = {
  who: Role;
  /** Without which the page says nothing; it may hold parameters, too. */
  query?: string;
  /** Further queries that change what is computed, by the name of what they show; for somebody else where that is said. */
  also?: Readonly<Record<string, string | { query: string; who: Role }>>;
  /** Something moves, plays or computes on it, so that it may bring scripts of its own beyond the budget. */
  moves?: true;
  /** The page is gone as soon as the site has an administrator. */
  newSite?: true;
};

export const pages: Readonly<Record<string, Row>> = {
  '/': { who: 'visitor' },
  '/account': { who: 'student' },
  '/account/notifications': { who: 'student' },
  '/account/notifications/unsubscribe': { who: 'visitor', query: '?token=[token]' },
  '/administration': { who: 'administrator' },
  '/administration/[id]': { who: 'administrator' },
  '/administration/audit': { who: 'administrator' },
  '/api': { who: 'visitor' },
  '/challenges/[slug]': { who: 'student', moves: true, also: { 'by robust accuracy': '?sort=-robust', 'as a scatter plot': '?view=scatter', 'over time': '?view=history' } },
  '/challenges/[slug]/announcements': { who: 'instructor' },
  '/challenges/[slug]/data': { who: 'student' },
  '/challenges/[slug]/desk': { who: 'instructor' },
  '/challenges/[slug]/desk/audit': { who: 'instructor' },
  '/challenges/[slug]/desk/class': { who: 'instructor', also: { 'by pixelate': '?sort=pixelate' } },
  '/challenges/[slug]/desk/distributions': { who: 'instructor' },
  '/challenges/[slug]/desk/integrity': { who: 'instructor' },
  '/challenges/[slug]/desk/phases': { who: 'instructor' },
  '/challenges/[slug]/desk/reevaluations': { who: 'instructor' },
  '/challenges/[slug]/desk/reevaluations/[id]': { who: 'instructor' },
  '/challenges/[slug]/desk/regrades': { who: 'instructor' },
  '/challenges/[slug]/grades': { who: 'instructor' },
  '/challenges/[slug]/guide': { who: 'student' },
  '/challenges/[slug]/join': { who: 'administrator' },
  '/challenges/[slug]/people': { who: 'instructor' },
  '/challenges/[slug]/people/[userId]': { who: 'instructor' },
  '/challenges/[slug]/people/roster': { who: 'instructor' },
  '/challenges/[slug]/rules': { who: 'student' },
  '/challenges/[slug]/settings': { who: 'instructor' },
  '/challenges/[slug]/settings/clone': { who: 'instructor' },
  '/challenges/[slug]/submit': { who: 'student', moves: true },
  '/challenges/[slug]/team': { who: 'student' },
  '/challenges/[slug]/verify': { who: 'student' },
  '/challenges/new': { who: 'instructor' },
  '/compare': { who: 'student', also: { two: '?of=[submissions/id]&of=[another]' } },
  '/design': { who: 'visitor' },
  '/guide': { who: 'visitor' },
  '/login': { who: 'visitor' },
  '/reset-password': { who: 'visitor', also: { 'by a link': '?code=any' } },
  '/setup': { who: 'visitor', newSite: true },
  '/signup': { who: 'visitor' },
  '/submissions': { who: 'student', also: { 'of all': '?of=all', 'of all in a challenge': { query: '?of=all&challenge=[slug]', who: 'instructor' } } },
  '/submissions/[id]': { who: 'student', moves: true },
  '/submissions/[id]/cells/[...trialId]': { who: 'student', also: { 'to the staff': { query: '', who: 'instructor' } } },
  '/try': { who: 'visitor', moves: true, also: { 'with a model': '?model=reference-cnn&kind=rotate&severity=3' } },
  '/verify-email': { who: 'student', query: '?code=any' },
  '/workers': { who: 'instructor' },
};

/** One page at one address, as one person sees it. `said` is that address with its parameters' names; `name` is made for a file. */
export type Sight = { page: string; name: string; said: string; who: Role; address: string; newSite: boolean };

/** In the order of the table; `missing` are the pages for which there is no sample. */
export function sightsOf(samples: Samples): { sights: Sight[]; missing: string[] } {
  const missing: string[] = [];
  const sights = Object.entries(pages).flatMap(([page, { who, query = '', also = {}, newSite = false }]) => {
    const views = [
      { what: '', query, who },
      ...Object.entries(also).map(([what, view]) => ({ what, who, ...(typeof view === 'string' ? { query: view } : view) })),
    ];
    const found = views.map((view): Sight | null => {
      const address = filled(page + view.query, samples);
      return address === null ? null : { page, name: nameOf(page, view.what), said: page + view.query, who: view.who, address, newSite };
    });
    if (found.includes(null)) missing.push(page);
    return found.filter((one) => one !== null);
  });
  return { sights, missing };
}

/** Those that a challenge has in which nothing has happened. */
export function sightsOfNothing(slug: string): Sight[] {
  return sightsOf({ slug }).sights.filter(({ page }) => page.includes('[slug]') || page === '/submissions');
}

function filled(text: string, samples: Samples): string | null {
  let complete = true;
  const found = text.replace(/(?:([\w-]+)\/)?\[(.+?)\]/g, (_, folder: string | undefined, name: string) => {
    const value = samples[`${folder}/${name}`] ?? samples[name];
    if (value === undefined) complete = false;
    return `${folder === undefined ? '' : `${folder}/`}${value}`;
  });
  return complete ? found : null;
}

function nameOf(page: string, what: string): string {
  const words = page.split('/').filter((part) => part !== '' && part !== '[slug]').map((part) => part.replace(/\[.+\]/, 'one'));
  return [...(words.length === 0 ? ['home'] : words), ...what.split(' ').filter(Boolean)].join('-');
}
