'use client';
// Puts HTML that is kept on the server (prerendered.tsx) into its place, and leaves alone what is there already.
import { useRouter } from 'next/navigation';
import { Component, createElement, createRef, useEffect, type HTMLAttributes } from 'react';
import type { MarkupStore } from './markup-store';

type Props = {
  id: string;
  /** Left out where it comes with the document. */
  html?: string;
  as: 'div' | 'figure' | 'nav' | 'dl';
  place?: HTMLAttributes<HTMLElement>;
};

/** What came with this document, for when somebody comes back to its page from another. */
const arrived = new Map<string, string>();

function htmlOf(id: string): string | undefined {
  if (typeof document === 'undefined') return (globalThis as { gauntletMarkup?: MarkupStore }).gauntletMarkup?.get(id);
  const known = arrived.get(id) ?? document.querySelector(`[data-markup="${id}"]`)?.innerHTML;
  if (known) arrived.set(id, known);
  return known || undefined;
}

export function Placed({ id, html, as, place }: Props) {
  const router = useRouter();
  const found = (html === undefined || arrived.has(id) ? htmlOf(id) : undefined) ?? html;
  const missing = found === undefined;
  // Where a document came without it after all, it comes as data.
  useEffect(() => {
    if (missing) router.refresh();
  }, [missing, router]);
  return <Kept id={id} html={found ?? ''} as={as} place={place} />;
}

/** A class, for only that is asked before what is there goes: who was within by keyboard stays on the same row and link. */
class Kept extends Component<Required<Pick<Props, 'id' | 'html' | 'as'>> & Pick<Props, 'place'>> {
  private readonly element = createRef<HTMLElement>();

  override getSnapshotBeforeUpdate(before: { html: string }): string | null {
    const focused = document.activeElement;
    if (before.html === this.props.html || !focused || focused === this.element.current || !this.element.current?.contains(focused)) return null;
    const row = focused.closest<HTMLElement>('[data-row]');
    const within = row ? `[data-row="${row.dataset.row}"]` : '';
    if (row === focused) return within;
    const links = [...(row ?? this.element.current).querySelectorAll(focused.localName)];
    return `${within} ${focused.localName}\0${links.indexOf(focused)}`;
  }

  override componentDidUpdate(_: unknown, __: unknown, where: string | null): void {
    if (where === null) return;
    const [selector, at = '0'] = where.split('\0');
    this.element.current?.querySelectorAll<HTMLElement>(selector)[Number(at)]?.focus({ preventScroll: true });
  }

  override render() {
    const { id, html, as, place } = this.props;
    return createElement(as, {
      ...place, ref: this.element, 'data-markup': id, suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: html },
    });
  }
}
