// How a model wants its pixels, in words.
import type { Report } from '@/lib/evaluation/report';

export function scalingText({ scale, mean, deviation }: Report['scaling']): string {
  const range = scale === 255 ? '0–255' : '0–1';
  return mean === 0 && deviation === 1 ? range : `${range}, minus ${mean}, divided by ${deviation}`;
}
