// How metrics are called where one is chosen.
import type { Metric } from '@/lib/evaluation/outcomes';

export const metricNames: Record<Metric, string> = {
  mixed: 'Mixed: every image under a random perturbation of its own',
  meanPerturbation: 'Mean over all perturbations and severities',
  robust: 'Robust: the worst case over all attacks',
  clean: 'Clean: the images as they are',
};
