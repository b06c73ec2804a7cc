// A model's answer in words and shares.
import { classNames } from '@/lib/evaluation/classes';

/** Probabilities of logits [10]; every share 0 where a logit is not finite. */
export function shares(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const parts = Array.from(logits, (value) => Math.exp(value - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => (Number.isFinite(sum) ? part / sum : 0));
}

export type Answer = { label: number; name: string; share: number };

/** The class a model names: the lowest of equals, as an evaluation counts. */
export function answerOf(logits: Float32Array): Answer {
  const all = shares(logits);
  const label = all.indexOf(Math.max(...all));
  return { label, name: classNames[label], share: all[label] };
}

/** 0.974 as `97 %`; what is not quite all or nothing does not look it. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  if (share < 1 && share > 0.995) return '>99 %';
  return `${Math.round(share * 100)} %`;
}
