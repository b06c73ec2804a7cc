// Numbers of the tables as running text wants them.
import { described } from '@/lib/evaluation/families';
import type { Protocol } from '@/lib/evaluation/trial';

export const coreCount = described.filter(({ core }) => core).length;

/** `severities 1 to 5`, `severity 3`. */
export function severitiesOf({ trials }: Pick<Protocol, 'trials'>): string {
  const found = [...new Set(trials.flatMap((trial) => (trial.kind === 'perturbation' ? [trial.severity] : [])))].sort();
  return found.length === 1 ? `severity ${found[0]}` : `severities ${found[0]} to ${found.at(-1)}`;
}
