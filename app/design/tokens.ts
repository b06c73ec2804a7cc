// The design's tokens as app/globals.css states them, read from it, so that the page of tokens cannot say anything else.
import type { Oklch } from './colour';

export type Colour = { name: string; light: Oklch; dark: Oklch };
export type Step = { name: string; size: string; lineHeight: string };
export type Tokens = {
  colours: Colour[];
  type: Step[];
  fonts: [name: string, value: string][];
  radii: [name: string, value: string][];
  /** The unit of all distances. */
  spacing: string;
};

const oklch = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g;

/** Fails when the stylesheet has a colour that is not `light-dark(oklch(…), oklch(…))`. */
export function tokensOf(css: string): Tokens {
  const theme = /@theme \{([\s\S]*?)\n\}/.exec(css)?.[1] ?? '';
  const declared = [...theme.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]): [string, string] => [name, value]);
  const values = new Map(declared);
  const of = (kind: string) =>
    declared.flatMap(([name, value]): [string, string][] => (name.startsWith(`${kind}-`) ? [[name.slice(kind.length + 1), value]] : []));
  return {
    colours: of('color').map(([name, value]) => colourOf(name, value)),
    type: of('text')
      .filter(([name]) => !name.includes('--'))
      .map(([name, size]) => ({ name, size, lineHeight: values.get(`text-${name}--line-height`) ?? 'normal' })),
    fonts: of('font'),
    radii: of('radius'),
    spacing: values.get('spacing') ?? '',
  };
}

function colourOf(name: string, value: string): Colour {
  const [light, dark, ...more] = [...value.matchAll(oklch)].map(([, l, c, h]): Oklch => [Number(l), Number(c), Number(h)]);
  if (!value.startsWith('light-dark(') || !dark || more.length > 0) {
    throw new Error(`--color-${name} is ${value}; wanted light-dark(oklch(L C H), oklch(L C H))`);
  }
  return { name, light, dark };
}
