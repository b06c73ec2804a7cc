// What the ranked columns are called in running text.
import type { Metric } from '@/lib/evaluation/score';

export const metricNames: Record<Metric, string> = {
  mixed: 'Mixed accuracy', clean: 'Clean accuracy', meanPerturbation: 'Mean perturbation accuracy', robust: 'Robust accuracy',
};
