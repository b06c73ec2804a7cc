'use client';
// Arrow keys follow the links that say which key they answer to; whoever scrolls a table or types is left alone.
import { useEffect } from 'react';

export function ArrowKeys() {
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
      if (!event.key.startsWith('Arrow') || (event.target as Element).closest('input, select, textarea, [role=region]')) return;
      const link = document.querySelector<HTMLAnchorElement>(`a[data-key="${event.key}"]`);
      if (!link) return;
      event.preventDefault();
      link.click();
    };
    document.addEventListener('keydown', follow);
    return () => document.removeEventListener('keydown', follow);
  }, []);
  return null;
}
