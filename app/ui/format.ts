// How figures are written, everywhere alike: percent with one decimal, a real minus, an en dash between bounds.
import type { Estimate } from '@/lib/evaluation/score';

const count = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const minus = '\u2212';

/** 0.8743 as `87.4`; the unit stands in the column's head. */
export const percent = (value: number, digits = 1): string => (value * 100).toFixed(digits);

/** A difference of accuracies, 0.012 as `+1.2`. */
export function points(value: number, digits = 1): string {
  const text = Math.abs(value * 100).toFixed(digits);
  if (Number(text) === 0) return `\u00b1${text}`;
  return value < 0 ? `${minus}${text}` : `+${text}`;
}

/** `86.7–88.0` */
export const interval = ({ low, high }: Pick<Estimate, 'low' | 'high'>): string => `${percent(low)}\u2013${percent(high)}`;

/** `+0.3 to +1.4`, for differences, where a dash would be mistaken for a minus. */
export const pointsInterval = ({ low, high }: Pick<Estimate, 'low' | 'high'>): string => `${points(low)} to ${points(high)}`;

/** 207018 as `207,018`. */
export const whole = (value: number): string => count.format(value);

/** 207018 as `207K`. */
export const short = (value: number): string => compact.format(value);

/** 1234567 bytes as `1.2 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  return value < 1e6 ? `${(value / 1e3).toFixed(0)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** Seconds as `40 s`, `3 min` or `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** 3 as `3rd`. */
export const ordinal = (value: number): string => `${whole(value)}${suffixes[ordinals.select(value)] ?? 'th'}`;

/** An attack's radius: 8/255 as itself, others as the number. */
export const epsilon = (value: number): string => (Math.abs(value - 8 / 255) < 1e-9 ? '8/255' : String(Number(value.toPrecision(6))));

/** `gaussian_blur` as `gaussian blur`. */
export const words = (id: string): string => id.replaceAll('_', ' ');

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** Seconds from now as `in 3 days`, `in 5 hours` or `in 12 minutes`; never later than it is. */
export function untilText(seconds: number): string {
  if (seconds >= 2 * 86_400) return relative.format(Math.floor(seconds / 86_400), 'day');
  if (seconds >= 2 * 3600) return relative.format(Math.floor(seconds / 3600), 'hour');
  return relative.format(Math.max(0, Math.floor(seconds / 60)), 'minute');
}

/** A place among others as far as the data tell: `3`, or `2–4`. */
export const placeText = ({ low, high }: { low: number; high: number }): string => (low === high ? whole(low) : `${whole(low)}\u2013${whole(high)}`);
