// Which shards of a submission make one job of the queue. Pure.
import type { Shard } from '../evaluation/shards.ts';
import { limits } from '../limits.ts';

export type Planned = Shard & { attack: boolean; priority: number };

/**
 * The shards of each job, by their places: neighbours of one priority whose estimates add up to less than starting a child takes, since
 * two evaluators that took them one by one would start two. An attack is a job of its own: it may have to go to workers of another class.
 */
export function jobsOf(planned: readonly Pick<Planned, 'attack' | 'priority' | 'estimatedSeconds'>[]): number[][] {
  const jobs: number[][] = [];
  let seconds = 0;
  for (const [place, { attack, priority, estimatedSeconds }] of planned.entries()) {
    const before = planned[place - 1];
    seconds += estimatedSeconds;
    if (before && !attack && !before.attack && priority === before.priority && seconds <= limits.jobSeconds) jobs.at(-1)!.push(place);
    else {
      jobs.push([place]);
      seconds = estimatedSeconds;
    }
  }
  return jobs;
}
