// Postgres on a machine of its own, started by separate.ts: listens on its address and tells it to its parent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../../lib/db/embedded.ts';

const [folder, address] = process.argv.slice(2);
const rules = join(folder, 'hba.conf');
// As a course's own server has it: any machine, with the password.
await writeFile(rules, 'host all all 0.0.0.0/0 scram-sha-256\n');
const server = await startEmbedded(join(folder, 'postgres'), { listen_addresses: [...new Set(['127.0.0.1', address])].join(), hba_file: rules });
const url = new URL(server.url);
url.hostname = address;
process.send!({ url: url.href });
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
// Somebody has to wait for that.
setInterval(() => {}, 60_000);
