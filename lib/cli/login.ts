// `gauntlet login` and `gauntlet logout`: keep an API token for a site, or forget it.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { z } from 'zod';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';
import { credentialsFile, readCredentials, writeCredentials } from './credentials.ts';
import { call, originOf } from './site.ts';

const meSchema = z.object({ name: z.string(), scopes: z.array(z.string()).nullable() });

/** Asks on the terminal, or takes the next line of what is piped in. A secret is not shown while it is typed. */
async function question(text: string, { secret = false } = {}): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(text);
  const { stdin } = process;
  const lines = createInterface({ input: stdin, output: secret || !stdin.isTTY ? silent : process.stderr, terminal: stdin.isTTY });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
    if (secret && stdin.isTTY) process.stderr.write('\n');
  }
}

type Options = { token?: string; default: boolean };

async function login(given: string | undefined, options: Options): Promise<void> {
  const stored = await readCredentials();
  const url = originOf(given ?? env().GAUNTLET_URL ?? stored.default ?? (await question('Address of the site: ')));
  const { hostname, protocol } = new URL(url);
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    console.error(`${url} is not encrypted: whoever sees the traffic sees your token. Use https:// where the site has it.`);
  }
  const token = options.token ?? (await question(`API token, made on ${url}/account: `, { secret: true }));
  if (!token) throw new RequestError(400, `A token is needed. Make one on ${url}/account and give it with --token, or when asked.`);
  const { name, scopes } = await call({ url, token }, '/api/v1/me', meSchema);
  const first = stored.default === null || options.default;
  await writeCredentials({ default: first ? url : stored.default, sites: { ...stored.sites, [url]: { token, name } } });
  console.log(`Logged in to ${url} as ${name}; the token may ${scopes?.join(', ') ?? 'do everything'}. It is kept in ${credentialsFile()}.`);
}

async function logout(given: string | undefined, { all = false }: { all?: boolean }): Promise<void> {
  const { default: byDefault, sites } = await readCredentials();
  if (all) {
    await writeCredentials({ default: null, sites: {} });
    return console.log('Every token is forgotten here. They stay valid until you revoke them on the account pages.');
  }
  const url = given === undefined ? byDefault : originOf(given);
  if (url === null || !sites[url]) throw new RequestError(400, `You are logged in to ${Object.keys(sites).join(', ') || 'no site'}${url === null ? '' : `, not to ${url}`}.`);
  const { [url]: _, ...rest } = sites;
  await writeCredentials({ default: byDefault === url ? (Object.keys(rest)[0] ?? null) : byDefault, sites: rest });
  console.log(`The token for ${url} is forgotten here. It stays valid until you revoke it on ${url}/account.`);
}

export function loginCommand(): Command {
  return new Command('login')
    .description('keep an API token for a site, so that the other commands need none')
    .argument('[url]', 'the site (default: GAUNTLET_URL, else the one from before, else asked)')
    .option('--token <token>', 'the token; without it, it is asked for or read from standard input, which keeps it out of your shell\'s history')
    .option('--no-default', 'only use this site where --url names it')
    .action(login);
}

export function logoutCommand(): Command {
  return new Command('logout')
    .description('forget the token for a site')
    .argument('[url]', 'the site (default: the one used by default)')
    .option('--all', 'for every site')
    .action(logout);
}
