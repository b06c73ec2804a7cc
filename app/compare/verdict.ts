// McNemar's test in words: what the counts say, and how often chance alone would say as much.
import { whole } from '@/app/ui/format';

export type Counts = { onlyFirst: number; onlySecond: number; exact: number };

/** How often two equally good models differ by at least this much; `p` in (0, 1]. */
export function chanceWords(p: number): string {
  if (p > 0.95) return 'in nearly every comparison of equal models';
  if (p > 0.2) return `in ${Math.round(p * 10)} of 10 comparisons of equal models`;
  if (p >= 1e-6) return `in 1 of ${whole(rounded(1 / p))} comparisons of equal models`;
  return 'in fewer than 1 of a million comparisons of equal models';
}

/** Two significant digits, since the rest is no use to anybody. */
function rounded(value: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / scale) * scale;
}

/** `0.042`, `3.6 × 10⁻⁸`; what a float64 cannot hold is a bound. */
export function pText(p: number): string {
  if (p >= 0.001) return p.toPrecision(2);
  if (p < 1e-300) return 'below 10⁻³⁰⁰';
  const [digits, exponent] = p.toExponential(1).split('e-');
  return `${digits} × 10⁻${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}

/** Whole sentences; the names as they stand in one. */
export function verdict(first: string, second: string, images: number, { onlyFirst, onlySecond, exact }: Counts): string {
  if (onlyFirst + onlySecond === 0) return `Of ${whole(images)} images, ${first} and ${second} are right on the very same ones.`;
  const counts = `Of ${whole(images)} images, ${first} alone is right on ${whole(onlyFirst)} and ${second} alone on ${whole(onlySecond)}`;
  if (onlyFirst === onlySecond) return `${counts}: no difference at all.`;
  return `${counts}; so large a difference would arise by chance ${chanceWords(exact)}.`;
}
