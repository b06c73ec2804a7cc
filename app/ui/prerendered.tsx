// A part of a page as HTML that is rendered once for many (markup.ts). A document carries it once, as HTML, and not again as data.
import { headers } from 'next/headers';
import { cache, type FunctionComponent, type HTMLAttributes } from 'react';
import { markupOf, type Data } from './markup';
import { Placed } from './placed';

type Props<P> = {
  name: string;
  of: FunctionComponent<P>;
  /** All that the part knows. */
  given: P;
  /** The element that it is placed in, and that element's own attributes. */
  as: 'div' | 'figure' | 'nav' | 'dl';
  place?: HTMLAttributes<HTMLElement>;
};

/** Of the request that is answered. */
const request = cache((): { wantsDocument: boolean } => ({ wantsDocument: false }));

/**
 * For a page to await before what it renders so: whoever asks for HTML gets the parts with the document; the site's own navigation asks
 * for data, and has no document to look into. A page that does not await it sends them as both.
 */
export async function noteWhatIsWanted(): Promise<void> {
  request().wantsDocument = (await headers()).get('accept')?.includes('text/html') ?? false;
}

/** Not asynchronous, for what waits is written into a page's data apart, and a board has several of these. */
export function Prerendered<P extends Data & object>({ name, of, given, as, place }: Props<P>) {
  const { key, html } = markupOf(name, of, given);
  return <Placed id={key} html={request().wantsDocument ? undefined : html} as={as} place={place} />;
}
