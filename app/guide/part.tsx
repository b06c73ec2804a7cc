// A section of the guide under its heading, and the tiles that its pictures are shown as.
import type { CSSProperties, ReactNode } from 'react';
import { sections, type SectionId } from './contents';

export function Part({ id, children }: { id: SectionId; children: ReactNode }) {
  const title = sections.find(([section]) => section === id)![1];
  return (
    <section aria-labelledby={id} className="space-y-4 border-t border-line pt-6">
      <h2 id={id} className="scroll-mt-16 text-title font-semibold">
        <a href={`#${id}`} className="hover:underline">
          {title}
        </a>
      </h2>
      {children}
    </section>
  );
}

/** Running text. */
export function Text({ children, muted = false }: { children: ReactNode; muted?: boolean }) {
  return <p className={`max-w-[72ch] ${muted ? 'text-small text-muted' : ''}`}>{children}</p>;
}

/** A smaller heading that can be linked to. */
export function Sub({ id, children }: { id: string; children: ReactNode }) {
  return (
    <h3 id={id} className="scroll-mt-16 pt-3 text-lead font-semibold">
      {children}
    </h3>
  );
}

type Sprite = { src: string; columns: number; rows: number };

/** One 28×28 picture of a sprite, `pixels` wide. Decoration for whoever does not see it unless `says` describes it. */
export function Tile({ sprite: { src, columns, rows }, place, pixels = 56, says }: { sprite: Sprite; place: number; pixels?: number; says?: string }) {
  const share = (at: number, of: number) => `${of > 1 ? ((100 * at) / (of - 1)).toFixed(3) : 0}%`;
  const style: CSSProperties = {
    width: pixels,
    height: pixels,
    backgroundImage: `url("${src}")`,
    backgroundSize: `${columns * 100}% ${rows * 100}%`,
    backgroundPosition: `${share(place % columns, columns)} ${share(Math.floor(place / columns), rows)}`,
  };
  return (
    <span
      {...(says ? { role: 'img', 'aria-label': says } : { 'aria-hidden': true })}
      className="inline-block shrink-0 rounded-small bg-sunken [image-rendering:pixelated] [print-color-adjust:exact]"
      style={style}
    />
  );
}
