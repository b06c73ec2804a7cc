// The limits that a model can meet while it is evaluated, by the names under which logs, shards and failures know them.
// What each allows stands in limits.ts; how it is noticed, in workers/evaluator.ts.
import { limits } from './limits.ts';

type Bounded =
  | 'childMegabytes' | 'shardProcessorSeconds' | 'shardWallSeconds' | 'silenceSeconds' | 'sessionSeconds' | 'childProcesses'
  | 'childOpenFiles' | 'childFileBytes' | 'answerMegabytes' | 'budgetSeconds' | 'budgetMultiple';

/** Each with its unit in its name, as in limits.ts. */
export type ChildLimits = Record<Bounded, number>;

type ChildLimit = {
  /** What is limited, as a student reads it. */
  called: string;
  allowed(bounds: ChildLimits): string;
  wanted: string;
  fix: string;
};

const smaller = 'Use fewer or smaller layers; a model that enlarges 28x28 images many times is the usual reason.';
const plainOperators = 'Replace operators that run element by element (Loop, Scan, large Gather or Resize) by convolutions and matrix products.';
const onlyMathematics = 'Remove custom operators from the graph, and export it again: a model has nothing to do but arithmetic.';

export const childLimits = {
  memory: {
    called: 'memory',
    allowed: ({ childMegabytes }) => `${childMegabytes} MB`,
    wanted: 'The model, its gradients and a batch of 32 images within that memory.',
    fix: smaller,
  },
  'processor-time': {
    called: 'processor time of one shard',
    allowed: ({ shardProcessorSeconds }) => `${shardProcessorSeconds} s`,
    wanted: `A model about as fast as its number of operations promises: a shard is cut to take about ${limits.shardSeconds} s.`,
    fix: plainOperators,
  },
  'wall-time': {
    called: 'time of one shard',
    allowed: ({ shardWallSeconds }) => `${shardWallSeconds} s`,
    wanted: `A model about as fast as its number of operations promises: a shard is cut to take about ${limits.shardSeconds} s.`,
    fix: plainOperators,
  },
  silence: {
    called: 'time without an answer',
    allowed: ({ silenceSeconds }) => `${silenceSeconds} s`,
    wanted: 'Each batch of images done within that time.',
    fix: 'Remove loops from the graph, or make the model smaller.',
  },
  session: {
    called: 'time to open the model',
    allowed: ({ sessionSeconds }) => `${sessionSeconds} s`,
    wanted: 'A model that ONNX Runtime opens, and runs once, within that time.',
    fix: 'Export a graph with fewer nodes: unrolled loops and very deep chains are the usual reason.',
  },
  processes: {
    called: 'processes and threads',
    allowed: ({ childProcesses }) => `${childProcesses}`,
    wanted: 'A model that starts no processes.',
    fix: onlyMathematics,
  },
  'open-files': {
    called: 'open files',
    allowed: ({ childOpenFiles }) => `${childOpenFiles}`,
    wanted: 'A model that opens no files.',
    fix: onlyMathematics,
  },
  'file-size': {
    called: 'size of files written',
    allowed: ({ childFileBytes }) => `${childFileBytes} bytes`,
    wanted: 'A model that writes no files.',
    fix: onlyMathematics,
  },
  answers: {
    called: 'answers for one shard',
    allowed: ({ answerMegabytes }) => `${answerMegabytes} MB`,
    wanted: 'A class for each image, and nothing else.',
    fix: onlyMathematics,
  },
  'compute-budget': {
    called: 'processor time of the whole evaluation',
    allowed: ({ budgetSeconds, budgetMultiple }) => `${budgetSeconds} s or ${budgetMultiple} times its estimate`,
    wanted: 'A model about as fast as its number of operations promises.',
    fix: plainOperators,
  },
} satisfies Record<string, ChildLimit>;

export type ChildLimitName = keyof typeof childLimits;

/** Which limit, what it allows, what was found: "memory: 2048 MB allowed, 2051 MB used." */
export function limitSentence(name: ChildLimitName, bounds: ChildLimits, found: string): string {
  const { called, allowed } = childLimits[name];
  return `${called}: ${allowed(bounds)} allowed, ${found}.`;
}

/** How the runtimes and the kernel say that one was met, where the child lives on to say it. */
const saidAs: Partial<Record<ChildLimitName, RegExp>> = {
  memory: /bad_alloc|out of memory|array buffer allocation failed|failed to allocate|cannot allocate|ENOMEM/i,
  processes: /EAGAIN|resource temporarily unavailable|pthread_create failed/i,
  'open-files': /EMFILE|too many open files/i,
  'file-size': /EFBIG|EROFS|file too large|read-only file system/i,
};

/** The limit that an error's words speak of. */
export function limitSaid(words: string): ChildLimitName | undefined {
  return (Object.keys(saidAs) as ChildLimitName[]).find((name) => saidAs[name]!.test(words));
}
