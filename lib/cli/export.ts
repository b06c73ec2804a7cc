// `gauntlet export`: the board or the grades of a challenge as a file, for its staff.
import { writeFile } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import { RequestError } from '../errors.ts';
import { checkWritable } from './output.ts';
import { atSite, challengeAt, fetchSite, loggedIn, refuse, type SiteOptions } from './site.ts';

const forms = { board: ['csv', 'json'], grades: ['csv', 'json', 'moodle', 'canvas'] } as const;
type What = keyof typeof forms;
type Options = SiteOptions & { challenge?: string; as: string; phase?: string; out?: string };

async function exportFile(what: What, { challenge, as, phase, out, ...options }: Options): Promise<void> {
  if (!(forms[what] as readonly string[]).includes(as)) throw new RequestError(400, `The ${what} can be had as ${forms[what].join(' or ')}, not as ${as}.`);
  if (what === 'grades' && phase) throw new RequestError(400, 'The phase of the grades is that of the grading rule: leave --phase out.');
  if (out !== undefined && out !== '-') await checkWritable(out);
  const site = await loggedIn(options);
  const slug = encodeURIComponent(await challengeAt(site, challenge));
  const path = what === 'board' ? `export?as=${as}&phase=${phase ?? 'public'}` : `grades?as=${as}`;
  const response = await fetchSite(site, `/api/v1/challenges/${slug}/${path}`);
  if (!response.ok) return refuse(response);
  // As bytes: the mark at a CSV file's beginning, by which Excel knows UTF-8, belongs to it.
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (out === '-') return void process.stdout.write(bytes);
  const [, named] = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const file = out ?? named ?? `${what}.${as === 'json' ? 'json' : 'csv'}`;
  if (out === undefined) await checkWritable(file);
  await writeFile(file, bytes);
  console.log(`${file}  ${bytes.length} bytes`);
}

export function exportCommand(): Command {
  return atSite(new Command('export'))
    .description('write the board or the grades of a challenge to a file; for its staff')
    .addArgument(new Argument('<what>', 'every number of the board with its interval, or the grades under the saved rule').choices(['board', 'grades']))
    .option('--challenge <slug>', 'the last part of its address; needed when the site has several')
    .option('--as <form>', 'csv or json; of grades also moodle or canvas, as those import it', 'csv')
    .addOption(new Option('--phase <phase>', 'of the board').choices(['public', 'final']))
    .option('-o, --out <file>', 'where to write; - for standard output (default: as the site names it)')
    .action(exportFile);
}
