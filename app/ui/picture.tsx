// 28x28 images on a page: places of one picture that stands in the page once, however many places of it are shown.
import type { CSSProperties } from 'react';
import { dataUri, type Sprite } from '@/lib/pictures/png';

/** For the element around all places of a sprite; `name` is a custom property, where there are several. */
export function holding(sprite: Sprite, name = '--sprite'): CSSProperties {
  return { [name]: `url("${dataUri(sprite.png)}")` } as CSSProperties;
}

type Props = {
  /** Counted from the sprite's first picture. */
  place: number;
  sprite: Sprite;
  name?: string;
  /** What it shows, unless that is said beside it. */
  label?: string;
  className?: string;
};

/** Three times its size (on a phone less, so that two pairs stand side by side), or as the class name says; pixels stay squares. */
export function Picture({ place, sprite: { columns, rows }, name = '--sprite', label, className = 'size-[4.375rem] sm:size-[5.25rem]' }: Props) {
  const [column, row] = [place % columns, Math.floor(place / columns)];
  return (
    <span
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      className={`block flex-none rounded-small bg-sunken [image-rendering:pixelated] [print-color-adjust:exact] ${className}`}
      style={{
        backgroundImage: `var(${name})`,
        backgroundSize: `${columns * 100}% ${rows * 100}%`,
        backgroundPosition: `${share(column, columns)} ${share(row, rows)}`,
      }}
    />
  );
}

/** Of how far the sprite can be moved. */
const share = (place: number, of: number) => `${of > 1 ? ((100 * place) / (of - 1)).toFixed(3) : 0}%`;
