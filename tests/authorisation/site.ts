// The built site alone, without a worker, on the database of a test.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { freePort, root, startNode, stopNode } from '../../lib/bootstrap/processes.ts';

export type Web = { url: string; stop(): Promise<void> };

export async function startWeb(databaseUrl: string, environment: Record<string, string>): Promise<Web> {
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const next = [join(root, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', String(port)];
  const web = startNode('web', next, { DATABASE_URL: databaseUrl, NEXTAUTH_URL: url, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', ...environment });
  const left = web.exited.then((how) => {
    throw new Error(`the site left (${how})`);
  });
  const ready = async () => {
    while (!(await fetch(`${url}/api/health`).then((response) => response.ok, () => false))) await sleep(50);
  };
  await Promise.race([ready(), left]);
  left.catch(() => {});
  return { url, stop: () => stopNode(web, 10) };
}
