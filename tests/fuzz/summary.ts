// The figures of a fuzzing run as Markdown, for docs/reliability.md.
import type { Tally } from './campaign.ts';
import type { Tried } from './hostile.ts';

const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`).join(', ');

/** What was done to the files, by its first word: the level at which they were changed. */
function levels(changes: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [how, count] of Object.entries(changes)) {
    const level = /^(bytes|zip|JSON|HDF5|file|files)\b/.exec(how)?.[1].replace(/files?/, 'upload') ?? 'ONNX graph';
    sums[level] = (sums[level] ?? 0) + count;
  }
  return sums;
}

export function summary(tally: Tally, hostile: readonly Tried[], seed: number): string {
  const { inputs, formats, changes, outcomes, models, answers, covered, slowest, peakMegabytes, seconds, faults } = tally;
  const rows: [string, string][] = [
    ['inputs', `${inputs}, seed ${seed}`],
    ['by format', list(formats)],
    ['changed at the level of', `${list(levels(changes))} (${Object.keys(changes).length} kinds of change)`],
    ['outcomes', list(outcomes)],
    ['different answers', `${answers}; ${covered} letters of the readers' code reached`],
    ['every third model taken, run in the sandbox', list(models)],
    ['slowest input', `${(slowest.milliseconds / 1000).toFixed(1)} s of the 30 s allowed (${slowest.format}, ${slowest.how})`],
    ['peak memory', `${Math.round(peakMegabytes)} MB, fuzzer and reader in one process`],
    ['faults', String(faults.length)],
  ];
  const date = new Date().toISOString().slice(0, 10);
  return [
    `\`npm run test:long -- --write\`, ${date}, ${Math.round(seconds / 60)} minutes:`,
    '',
    '| what | found |', '|---|---|', ...rows.map(([what, found]) => `| ${what} | ${found} |`),
    '',
    '| a model or file beyond what `npm test` has time for | ended with |', '|---|---|',
    ...hostile.map(({ name, ending, wrong }) => `| ${name} | ${ending}${wrong ? ' (**wrong**)' : ''} |`),
  ].join('\n');
}
