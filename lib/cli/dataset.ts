// `gauntlet dataset`: makes a perturbed training set on this machine, byte for byte what a site gives out.
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { findFashionMnist } from '../datasets/find.ts';
import { loadFashionMnist } from '../datasets/load.ts';
import { env } from '../env.ts';
import { messageOf, RequestError } from '../errors.ts';
import { perturbationOf, type Kind } from '../perturbations/index.ts';
import { formats } from '../training-data/formats.ts';
import { makeFile } from '../training-data/make.ts';
import { kindsOf, type Recipe, recipeOf, recipeSchema, trainingSeed } from '../training-data/recipe.ts';
import { readProtocol } from './evaluate.ts';
import { checkWritable } from './output.ts';
import { siteOf } from './site.ts';

const given = ['npz', 'idx'] as const;

type Options = {
  challenge?: string;
  url?: string;
  protocol: string;
  seed?: string;
  format: (typeof given)[number];
  out?: string;
  kinds?: Kind[];
  severities?: number[];
  split?: Recipe['split'];
  first?: number;
};

function kindList(text: string): Kind[] {
  const names = text.split(',').map((name) => name.trim());
  try {
    names.forEach(perturbationOf);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
  return [...new Set(names)] as Kind[];
}

function severityList(text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 5)) {
    throw new InvalidArgumentError('They must be whole numbers from 1 to 5, like 3,4,5.');
  }
  return [...new Set(numbers)];
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 60_000) throw new InvalidArgumentError('It must be a whole number from 1 to 60000.');
  return count;
}

const answerSchema = z.object({
  recipe: recipeSchema,
  files: z.array(z.object({ format: z.string(), made: z.object({ sha256: z.string() }).nullable() })),
});

/** What a site says of a challenge's training set. Throws RequestError that says what came instead. */
async function askSite(url: string, slug: string): Promise<z.infer<typeof answerSchema>> {
  if (!URL.canParse(url)) throw new RequestError(400, `${url} is no address. Give one like https://gauntlet.example.org.`);
  const address = new URL(`/api/v1/challenges/${encodeURIComponent(slug)}/training-data`, url);
  // A challenge for its members gives it to them alone.
  const { token } = await siteOf({ url });
  const response = await fetch(address, { headers: token ? { authorization: `Bearer ${token}` } : {} }).catch((error: Error) => {
    throw new RequestError(400, `${address.origin} cannot be reached: ${messageOf(error.cause ?? error)}. Is --url right?`);
  });
  const body: unknown = await response.json().catch(() => null);
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
  if (said.success) throw new RequestError(400, said.data.error.message);
  const parsed = answerSchema.safeParse(body);
  if (response.ok && parsed.success) return parsed.data;
  throw new RequestError(400, `${address} answered something unexpected: is this a Gauntlet site, and as new as this command?`);
}

type Wanted = { recipe: Recipe; sha256?: string };

/** The recipe of the options, and the hash of its file where the site knows it. */
async function wantedOf(options: Options): Promise<Wanted> {
  const { challenge, url = env().GAUNTLET_URL, split, first, kinds, severities, format } = options;
  const choices = { split, first, kinds, severities };
  if (challenge !== undefined && url !== undefined) {
    const { recipe, files } = await askSite(url, challenge);
    const own = Object.values(choices).some((choice) => choice !== undefined);
    if (!own) return { recipe, sha256: files.find((file) => file.format === format)?.made?.sha256 };
    return { recipe: recipeOf({ ...choices, seed: recipe.seed, kinds: kinds ?? recipe.kinds, severities: severities ?? recipe.severities }) };
  }
  const seed = options.seed ?? (challenge === undefined ? 'gauntlet' : trainingSeed(challenge));
  return { recipe: recipeOf({ ...choices, seed, kinds: kinds ?? kindsOf(await readProtocol(options.protocol)) }) };
}

async function dataset(options: Options): Promise<void> {
  const out = options.out ?? formats[options.format].file;
  await checkWritable(out);
  const { recipe, sha256: promised } = await wantedOf(options);
  const checked = recipeSchema.safeParse(recipe);
  if (!checked.success) {
    if (recipe.kinds.length === 0) throw new RequestError(400, 'The protocol measures no perturbation: name some with --kinds.');
    throw new RequestError(400, `The ${recipe.split} split has fewer images than ${recipe.images}.`);
  }
  console.error(`${recipe.images} images of the ${recipe.split} split, ${recipe.kinds.length} kinds, seed "${recipe.seed}".`);
  const data = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  const { bytes, sha256 } = await makeFile(recipe, options.format, data, out);
  if (promised !== undefined && promised !== sha256) {
    throw new RequestError(400, `${out} is written, but the site gives out another file (SHA-256 ${promised}): update this command.`);
  }
  console.log(`${out}  ${(bytes / 1e6).toFixed(1)} MB  SHA-256 ${sha256}${promised === undefined ? '' : ', as the site gives it out'}`);
}

export function datasetCommand(): Command {
  return new Command('dataset')
    .description('make a perturbed training set, as a challenge gives it out')
    .addOption(new Option('--challenge <slug>', 'the set of this challenge; its site says what it is made of').conflicts('seed'))
    .option('--url <address>', 'the site of the challenge (default: GAUNTLET_URL; without one the set follows from slug and protocol)')
    .option('--protocol <file|name>', 'perturbs as this one does', 'gauntlet-v1')
    .option('--seed <text>', 'any text; the same seed gives the same images (default: "gauntlet")')
    .addOption(new Option('--format <format>', 'NumPy arrays, or MNIST\'s own files in a zip').choices(given).default('npz'))
    .option('--out <file>', `where to write (default: ${given.map((format) => formats[format].file).join(' or ')})`)
    .option('--kinds <a,b>', 'only these perturbations', kindList)
    .option('--severities <1,2>', 'only these severities', severityList)
    .addOption(new Option('--split <split>', 'of FashionMNIST').choices(['train', 'test']))
    .option('--first <n>', 'only the first so many images', countOf)
    .addHelpText('after', `
The .npz holds images [N, 28, 28], labels, perturbation (an index into kinds), severity and kinds. A minute at most.`)
    .action(dataset);
}
