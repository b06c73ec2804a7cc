// What the figures a board can be ranked by are called, and what they are, everywhere alike.
import type { Metric } from '@/lib/evaluation/score';

export const metricNames: Record<Metric, string> = {
  mixed: 'Mixed accuracy',
  meanPerturbation: 'Mean perturbation accuracy',
  robust: 'Robust accuracy',
  clean: 'Clean accuracy',
};

export const metricSays: Record<Metric, string> = {
  mixed: 'when every image has a random perturbation of its own',
  meanPerturbation: 'mean over all perturbations and severities',
  robust: 'worst case per image over all attacks, averaged over the radii',
  clean: 'on the images as they are',
};
