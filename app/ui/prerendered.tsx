// A part of a page as HTML that is rendered once for many (markup.ts). A document carries it once, as HTML, and not again as data.
import { headers } from 'next/headers';
import type { FunctionComponent, HTMLAttributes } from 'react';
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

export async function Prerendered<P extends Data & object>({ name, of, given, as, place }: Props<P>) {
  const { key, html } = markupOf(name, of, given);
  // Whoever asks for HTML gets it with the document; the site's own navigation asks for data, and has no document to look into.
  const asDocument = (await headers()).get('accept')?.includes('text/html');
  return <Placed id={key} html={asDocument ? undefined : html} as={as} place={place} />;
}
