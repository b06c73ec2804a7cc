// `gauntlet protocol`: whether a protocol can be used, what it measures, and what it costs, before anybody submits to it.
import Table from 'cli-table3';
import { Command } from 'commander';
import { baselines, readBaseline } from '../baselines/index.ts';
import { estimateCost, type CostEstimate } from '../evaluation/cost.ts';
import { doubtsOf, measurable } from '../evaluation/protocol-problems.ts';
import { protocols } from '../evaluation/protocols.ts';
import { reportOf } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { choiceLabel, policiesOf } from '../evaluation/trial-id.ts';
import { readUpload } from '../formats/read.ts';
import { readProtocol } from './evaluate.ts';
import { checkWritable, writeJson } from './output.ts';
import { duration, plain } from './table.ts';

type Estimate = { model: string; flopsPerImage: number; cost: CostEstimate };

async function estimates(protocol: Protocol): Promise<Estimate[]> {
  return Promise.all(
    baselines.map(async ({ file, name }) => {
      const { flopsPerImage, operatorsWithoutGradient } = reportOf(await readUpload([{ name: file, bytes: new Uint8Array(await readBaseline(file)) }]));
      return { model: name, flopsPerImage, cost: estimateCost(protocol, { flopsPerImage, gradient: operatorsWithoutGradient.length === 0 }) };
    }),
  );
}

function costTable(found: readonly Estimate[]): string {
  const table = new Table({
    ...plain, head: ['kind of trial', 'trials', 'images', ...found.map(({ model }) => model)],
    colAligns: ['left', 'right', 'right', ...found.map(() => 'right' as const)],
    colWidths: [null, null, null, ...found.map(() => 16)], wordWrap: true,
  });
  const [{ cost: first }] = found;
  first.kinds.forEach(({ kind, trials, images }, i) => {
    table.push([kind, trials, images, ...found.map(({ cost }) => duration(cost.kinds[i].seconds))]);
  });
  table.push(['all', first.trials, first.images, ...found.map(({ cost }) => duration(cost.seconds))]);
  return table.toString();
}

async function show(nameOrFile: string, { json }: { json?: string }): Promise<void> {
  if (json) await checkWritable(json);
  const protocol = await readProtocol(nameOrFile);
  const found = await estimates(protocol);
  const policies = policiesOf(protocol);
  console.log(`${protocol.name} can be used: ${protocol.trials.length} trials, on ${choiceLabel(protocol.images)} where they do not say otherwise.`);
  console.log(`It can be ranked by ${measurable(protocol).join(', ') || 'nothing: no column has all it needs'}.`);
  if (policies.length > 0) console.log(`Policies a submission may declare: ${policies.join(', ')}.`);
  for (const doubt of doubtsOf(protocol)) console.log(`Perhaps not meant: ${doubt}`);
  console.log('Estimated time on one core:');
  console.log(costTable(found));
  if (json) await writeJson(json, { protocol, metrics: measurable(protocol), policies, doubts: doubtsOf(protocol), estimates: found });
}

export function protocolCommand(): Command {
  return new Command('protocol')
    .description('check a protocol, and estimate what it costs for the baselines')
    .argument('<protocol>', `${Object.keys(protocols).join(', ')} or a JSON file`)
    .option('--json <file>', 'write the protocol with its defaults filled in, what it measures, and the estimates')
    .action(show);
}
