// `gauntlet worker-role`: makes the Postgres role of workers that only evaluate, and says how they connect.
import { randomBytes } from 'node:crypto';
import { Command } from 'commander';

export function workerRoleCommand(): Command {
  return new Command('worker-role')
    .description('make, or renew, the Postgres role of workers that only evaluate; DATABASE_URL is the owner\'s')
    .action(async () => {
      const [{ databaseUrl }, { migrate }, { grantWorkerRole }, { env }] = await Promise.all([
        import('../db/client.ts'), import('../db/migrate.ts'), import('../db/worker-role.ts'), import('../env.ts'),
      ]);
      await migrate(databaseUrl());
      const given = env().GAUNTLET_WORKER_PASSWORD;
      const address = await grantWorkerRole(databaseUrl(), given ?? randomBytes(18).toString('base64url'));
      console.error('On each machine that evaluates, with this one\'s name or address in place of a local one:');
      console.error('  npm run worker -- --evaluate-only');
      console.error(given ? 'with DATABASE_URL as here, with the user gauntlet_worker and the password of GAUNTLET_WORKER_PASSWORD.' : 'and (shown only now)');
      if (!given) console.log(`DATABASE_URL=${address}`);
    });
}
