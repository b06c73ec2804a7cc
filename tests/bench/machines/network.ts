// Machines on one wire: network namespaces on a bridge, each with an address, a data folder and a GAUNTLET_HOME of its own. Where this
// system gives none (it takes root and Linux), processes of this machine whose cables to Postgres can be pulled all the same.
import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFashionMnist } from '../../../lib/datasets/find.ts';
import { here, type Place } from '../../../lib/bootstrap/processes.ts';
import { layCable, type Cable } from './cable.ts';

const run = promisify(execFile);

export type Machine = Place & {
  name: string;
  /** The address of Postgres as this machine dials it. */
  dial(databaseUrl: string): Promise<string>;
  /** Takes the machine off the network without a word to anybody, and puts it back. */
  pull(): Promise<void>;
  plug(): Promise<void>;
};
export type Network = { namespaces: boolean; machine(name: string): Promise<Machine>; close(): Promise<void> };

// A block that RFC 2544 keeps for benchmarks, so that it is nobody's network; two runs at once have two of it.
const addressOf = (last: number) => `198.18.${process.pid % 256}.${last}`;

/** Whether this system lets us make network namespaces. */
async function namespacesWork(): Promise<boolean> {
  const probe = `gauntlet-probe-${process.pid}`;
  const made = await run('ip', ['netns', 'add', probe]).then(() => true, () => false);
  if (made) await run('ip', ['netns', 'del', probe]);
  return made;
}

/**
 * A network whose machines keep their data below `folder`. This process is on it, too: it stands where the tester sits. `asProcesses`
 * does without namespaces where there could be some.
 */
export async function startNetwork(folder: string, asProcesses = false): Promise<Network> {
  const namespaces = !asProcesses && (await namespacesWork());
  const tag = process.pid.toString(36);
  const bridge = `gnt${tag}`;
  const undo: (() => Promise<unknown>)[] = [];
  const ip = (...args: string[]) => run('ip', args);
  let machines = 1;
  const close = async () => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  // Else they would stay until the machine is started anew.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(1)));

  if (namespaces) {
    await ip('link', 'add', bridge, 'type', 'bridge');
    undo.push(() => ip('link', 'del', bridge));
    await ip('addr', 'add', `${addressOf(1)}/24`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
  }

  async function inNamespace(name: string): Promise<Pick<Machine, 'node' | 'address' | 'dial' | 'pull' | 'plug'>> {
    const [space, near, far, address] = [`${bridge}-${name}`, `${bridge}p${machines}`, `${bridge}q${machines}`, addressOf(++machines)];
    await ip('netns', 'add', space);
    undo.push(() => ip('netns', 'del', space));
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    await ip('link', 'set', far, 'netns', space);
    await ip('link', 'set', near, 'master', bridge, 'up');
    for (const device of ['lo', far]) await ip('-n', space, 'link', 'set', device, 'up');
    await ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', far);
    const set = (state: string) => async () => void (await ip('link', 'set', near, state));
    return { address, node: ['ip', 'netns', 'exec', space, process.execPath], dial: async (url) => url, pull: set('down'), plug: set('up') };
  }

  const cables: Cable[] = [];
  undo.push(() => Promise.all(cables.map((cable) => cable.close())));
  function asProcess(): Pick<Machine, 'node' | 'address' | 'dial' | 'pull' | 'plug'> {
    let own: Cable | undefined;
    // Whoever dials nobody is who is dialled: all cables end there.
    const ends = () => (own ? [own] : cables);
    return {
      node: here.node,
      address: here.address,
      async dial(url) {
        if (!own) cables.push((own = await layCable(url)));
        return own.url;
      },
      pull: async () => ends().forEach((cable) => cable.pull()),
      plug: async () => ends().forEach((cable) => cable.plug()),
    };
  }

  return {
    namespaces,
    async machine(name) {
      const home = join(folder, name);
      await mkdir(home, { recursive: true });
      await cp(await findFashionMnist(), join(home, 'data'), { recursive: true });
      const environment = { GAUNTLET_HOME: home, FASHION_MNIST_DIR: join(home, 'data') };
      return { ...(namespaces ? await inNamespace(name) : asProcess()), name, environment };
    },
    close,
  };
}
