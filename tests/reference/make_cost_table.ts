// Writes docs/cost.md: what gauntlet-v1 takes on one core, by kind of trial, measured and estimated.
// First, for each model, on an otherwise idle machine: npx gauntlet evaluate MODEL.onnx --processes 1 --json MODEL.json
// Then: npx tsx tests/reference/make_cost_table.ts MODEL.json ...
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { costKind, estimateCost } from '../../lib/evaluation/cost.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import type { Report } from '../../lib/evaluation/report.ts';

type Measured = { report: Report; trials: { seconds?: number }[] };

const protocol = protocols['gauntlet-v1'];
const models = process.argv.slice(2).map((file) => {
  const { report, trials } = JSON.parse(readFileSync(file, 'utf8')) as Measured;
  const gradient = report.operatorsWithoutGradient.length === 0;
  const estimate = estimateCost(protocol, { flopsPerImage: report.flopsPerImage, gradient });
  const seconds = new Map<string, number>();
  protocol.trials.forEach((trial, i) => seconds.set(costKind(trial), (seconds.get(costKind(trial)) ?? 0) + (trials[i].seconds ?? 0)));
  return { name: basename(file, '.json'), flops: report.flopsPerImage, estimate, seconds };
});

const whole = (seconds: number) => (seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0));
const cells = (value: (model: (typeof models)[number]) => [measured: number, estimated: number]) =>
  models.map((model) => value(model).map(whole)).map(([measured, estimated]) => `${measured} (${estimated})`).join(' | ');
const [{ estimate }] = models;
const rows = estimate.kinds.map(
  ({ kind, trials, images }, i) =>
    `| ${kind} | ${trials} | ${images.toLocaleString('en')} | ${cells(({ seconds, estimate: { kinds } }) => [seconds.get(kind)!, kinds[i].seconds])} |`,
);
const total = (seconds: ReadonlyMap<string, number>) => [...seconds.values()].reduce((sum, value) => sum + value, 0);

writeFileSync(
  new URL('../../docs/cost.md', import.meta.url),
  `# What an evaluation costs

Seconds on one core under \`gauntlet-v1\`, by kind of trial: measured, and in brackets what \`npx gauntlet protocol gauntlet-v1\` estimates
beforehand. Made by \`npx tsx tests/reference/make_cost_table.ts\` from \`npx gauntlet evaluate MODEL --processes 1 --json FILE\`.

| kind of trial | trials | images | ${models.map(({ name }) => name).join(' | ')} |
|---|---|---|${models.map(() => '---|').join('')}
${rows.join('\n')}
| **all** | ${estimate.trials} | ${estimate.images.toLocaleString('en')} | ${cells(({ seconds, estimate: { seconds: guess } }) => [total(seconds), guess])} |

MFLOP per image: ${models.map(({ name, flops }) => `${name} ${(flops / 1e6).toFixed(2)}`).join(', ')}. An attack takes as long as images resist it.
`,
);
