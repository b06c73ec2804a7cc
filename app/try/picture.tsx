'use client';
// A picture of 28x28 on a canvas, its pixels large; and what was added to one, magnified, in the colours of differences.
import { useEffect, useRef } from 'react';

const side = 28;

type Props = { label: string; className?: string };

/** `x` in [0, 1], or gray levels. */
export function Picture({ x, label, className = '' }: Props & { x: Float32Array | Uint8Array }) {
  const scale = x instanceof Uint8Array ? 1 : 255;
  return <Drawn label={label} className={`bg-sunken ${className}`} colour={(i) => gray(x[i] * scale)} />;
}

/** What leads from one picture to the other: blue where it was made brighter, orange where darker, full at `limit`. */
export function Difference({ from, to, limit, label, className = '' }: Props & { from: Float32Array; to: Float32Array; limit: number }) {
  return <Drawn label={label} className={`bg-surface ${className}`} colour={(i) => signed((to[i] - from[i]) / limit)} />;
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const gray = (level: number): Colour => [level, level, level, 255];
/** Seen on light and on dark ground, and told apart in every colour blindness. */
const signed = (share: number): Colour => [...(share > 0 ? ([40, 110, 200] as const) : ([217, 119, 6] as const)), 255 * Math.min(1, Math.abs(share))];

function Drawn({ colour, label, className }: Props & { colour: (pixel: number) => Colour }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // At every rendering: what is drawn is what was rendered, and 784 pixels take no time.
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(side, side);
    for (let i = 0; i < side * side; i++) image.data.set(colour(i), 4 * i);
    context.putImageData(image, 0, 0);
  });
  return (
    <canvas
      ref={canvas}
      width={side}
      height={side}
      role="img"
      aria-label={label}
      className={`block aspect-square w-full rounded-small [image-rendering:pixelated] ${className}`}
    />
  );
}
