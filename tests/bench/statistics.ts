// `npx tsx tests/bench/statistics.ts`: how often intervals and rank sets hold the truth, at length, and how long a board takes to rank.
import { parseArgs } from 'node:util';
import { pairedRanks } from '../../lib/evaluation/ranks.ts';
import { boards, coverage, intervals, ranksHold, simulate } from '../evaluation/simulation.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '2000' }, images: { type: 'string', default: '1000' } },
});
const rounds = Number(options.rounds);
const images = Number(options.images);
if (![rounds, images].every((count) => Number.isInteger(count) && count > 0)) throw new Error('--rounds and --images want counts from 1.');

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
/** Twice the standard error of a coverage of 95 % over this many rounds. */
const error = 2 * Math.sqrt((0.95 * 0.05) / rounds);

console.log(`Coverage of 95 % intervals, ${rounds} made-up experiments of ${images} images each, +- ${percent(error)}:`);
for (const [name, held] of Object.entries(intervals)) {
  console.log(`  ${percent(coverage(rounds, (round) => held(images, round), name)).padStart(7)}  ${name}`);
}
console.log(`All rank sets of a board at once, ${rounds} boards of ${images} images each:`);
for (const [name, accuracies] of Object.entries(boards)) {
  console.log(`  ${percent(coverage(rounds, (round) => ranksHold(accuracies, images, round), name)).padStart(7)}  ${name}`);
}

const models = 500;
console.log(`Ranking ${models} submissions, processor seconds, best of 3:`);
const one = simulate(Array.from({ length: models }, (_, i) => 0.6 + 0.0006 * i), 10_000, 'many');
const averaged = one.map((outcome, i) => outcome.subarray(0, 2000).map((value, image) => (value + one[(i + 1) % models][image]) / 2));
for (const [name, outcomes] of [['right or wrong, 10,000 images', one], ['means over cells, 2,000 images', averaged]] as const) {
  const seconds = [0, 1, 2].map(() => {
    const began = process.cpuUsage();
    pairedRanks(outcomes);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  });
  console.log(`  ${Math.min(...seconds).toFixed(2)} s  ${name}`);
}
